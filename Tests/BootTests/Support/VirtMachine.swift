import Foundation
import SystemPackage
import TestSupport

/// QEMU's machine `virt`, for AArch64, as `bootimage run` starts it.
struct VirtMachine: CustomStringConvertible, Sendable {
    var processor = "cortex-a72"
    var memory = "256M"
    var disk = "virtio"
    /// Properties of the machine, such as `virtualization=on`.
    var properties: [String] = []

    var description: String {
        ([processor, memory, disk] + properties).joined(separator: ", ")
    }

    /// Boots a kernel or an image until it ends QEMU by semihosting.
    func boot(
        _ file: FilePath, options: [String] = [], qemu: [String] = [], seconds: Int = patience
    ) async throws -> BootResult {
        let machine = properties.isEmpty ? [] : ["-machine", properties.joined(separator: ",")]
        let command =
            ["--kill-after=5", "\(seconds)", Project.bootimage.name, "run", file.string]
            + ["--headless", "--memory", memory, "--disk", disk] + options
            + ["--", "-no-reboot", "-cpu", processor]
            + ["-semihosting-config", "enable=on,target=native"] + machine + qemu
        return try await BootSlots.shared.run {
            let verdict = try await Tool(name: "timeout").run(command)
            return BootResult(
                serial: verdict.text.replacing("\r\n", with: "\n"), exitCode: verdict.exitCode)
        }
    }

    static let uBoot = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"

    /// Boots an image by U-Boot, the firmware of most small ARM boards.
    static func bootByUBoot(_ image: FilePath) async throws -> BootResult {
        let verdict = try await BootSlots.shared.run {
            try await Tool(name: "timeout").run([
                "--kill-after=5", "\(patience)", "qemu-system-aarch64", "-machine", "virt",
                "-cpu", "cortex-a72", "-accel", "tcg", "-m", "512M", "-nic", "none",
                "-display", "none", "-serial", "stdio", "-no-reboot",
                "-semihosting-config", "enable=on,target=native", "-bios", uBoot,
                "-drive", "if=none,id=disk,format=raw,snapshot=on,file=\(image)",
                "-device", "virtio-blk-pci,drive=disk",
            ])
        }
        return BootResult(
            serial: verdict.text.replacing("\r\n", with: "\n"), exitCode: verdict.exitCode)
    }
}
