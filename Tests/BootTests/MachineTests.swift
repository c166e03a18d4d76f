import SystemPackage
import TestSupport
import Testing

@testable import struct bootimage.UEFIFirmware
@testable import enum bootimage.QEMU

/// The same two images on machine after machine: chipsets, disks, processors, memory.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct MachineTests {
    /// One machine, as QEMU's arguments; the image is the drive called "disk".
    struct Hardware: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var arguments: [String]

        init(_ description: String, _ arguments: String) {
            testDescription = description
            self.arguments = arguments.split(separator: " ").map(String.init)
        }

        /// Boots until the guest ends QEMU by itself, or for two minutes.
        func boot(_ image: FilePath, on firmware: Firmware) async throws -> BootResult {
            var flash: [String] = []
            if firmware == .uefi {
                let files = try UEFIFirmware.find()
                flash = [
                    "-drive", "if=pflash,unit=0,readonly=on,format=raw,file=\(files.code)",
                    "-drive", "if=pflash,unit=1,snapshot=on,format=raw,file=\(files.variables)",
                ]
            }
            let command =
                ["--kill-after=5", "120", try QEMU.findExecutable().string] + flash
                + ["-drive", "if=none,id=disk,format=raw,snapshot=on,file=\(image)"] + arguments
                + ["-nic", "none", "-serial", "stdio", "-display", "none", "-no-reboot"]
                + ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
            return try await BootSlots.shared.run {
                let verdict = try await Tool(name: "timeout").run(command)
                return BootResult(
                    serial: verdict.text.replacing("\r\n", with: "\n"),
                    exitCode: verdict.exitCode)
            }
        }
    }

    static let machines = [
        Hardware("IDE on i440fx", "-machine pc -device ide-hd,drive=disk"),
        Hardware("AHCI on q35", "-machine q35 -device ide-hd,drive=disk"),
        Hardware("NVMe on q35", "-machine q35 -device nvme,drive=disk,serial=1"),
        Hardware("virtio-blk on q35", "-machine q35 -device virtio-blk-pci,drive=disk"),
        Hardware(
            "virtio-scsi on q35",
            "-machine q35 -device virtio-scsi-pci -device scsi-hd,drive=disk"),
        Hardware(
            "USB stick on q35", "-machine q35 -device qemu-xhci -device usb-storage,drive=disk"),
        Hardware(
            "USB 2 stick on i440fx", "-machine pc -device usb-ehci -device usb-storage,drive=disk"),
        Hardware("four processors", "-machine q35 -smp 4 -device ide-hd,drive=disk"),
        Hardware("64 MiB of memory", "-machine pc -m 64M -device ide-hd,drive=disk"),
        Hardware("6 GiB of memory", "-machine q35 -m 6G -device ide-hd,drive=disk"),
        Hardware("every processor feature", "-machine q35 -cpu max -device ide-hd,drive=disk"),
        Hardware("no screen", "-machine q35 -vga none -device ide-hd,drive=disk"),
    ]

    @Test(arguments: machines, Firmware.allCases)
    func `a kernel boots`(_ machine: Hardware, _ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "hello.S", shape: .positionIndependent)
                .build(in: folder)
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", firmware.rawValue, "-o", image.string,
            ])
            let result = try await machine.boot(image, on: firmware)
            result.expect("Hello from assembly!\n")
            result.expectSuccess()
        }
    }
}
