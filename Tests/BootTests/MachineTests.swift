import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage
@testable import GuestKit

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

        /// Boots until the guest ends QEMU by itself, or for two minutes; `faults` are QEMU's
        /// options of a `blkdebug` layer below the image.
        func boot(
            _ image: FilePath, on firmware: Firmware, faults: String? = nil
        ) async throws -> BootResult {
            var flash: [String] = []
            if firmware == .uefi {
                let files = try #require(FirmwareCatalog().find(.plain, for: .q35)).firmware
                flash = [
                    "-drive", "if=pflash,unit=0,readonly=on,format=raw,file=\(files.code)",
                    "-drive", "if=pflash,unit=1,snapshot=on,format=raw,file=\(files.variables)",
                ]
            }
            let command =
                ["--kill-after=5", "\(patience)", "qemu-system-x86_64"] + flash
                + ["-drive", Self.drive(image, faults)] + arguments
                + ["-nic", "none", "-serial", "stdio", "-display", "none", "-no-reboot"]
                + ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
            return try await BootSlots.shared.run {
                let verdict = try await Tool(name: "timeout").run(command)
                return BootResult(
                    serial: verdict.text.replacing("\r\n", with: "\n"),
                    exitCode: verdict.exitCode)
            }
        }

        private static func drive(_ image: FilePath, _ faults: String?) -> String {
            let drive = "if=none,id=disk,driver=raw,snapshot=on"
            guard let faults else {
                return "\(drive),file.driver=file,file.filename=\(image)"
            }
            return "\(drive),file.driver=blkdebug,file.image.driver=file"
                + ",file.image.filename=\(image),\(faults)"
        }
    }

    /// A disk on which one sector cannot be read, once or ever.
    @Test(
        arguments: [2056, 2060],
        ["ide-hd,drive=disk", "virtio-blk-pci,drive=disk"])
    func `a read error is tried again, then told`(_ sector: Int, _ disk: String) async throws {
        let machine = Hardware(disk, "-machine pc -device \(disk)")
        try await withTemporaryFolder { folder in
            let image = try await Self.imageThatEndsOnFailure(in: folder)
            let fault = "inject-error.0.event=read_aio,file.inject-error.0.errno=5"
            let faults = "file.\(fault),file.inject-error.0.sector=\(sector)"
            let once = try await machine.boot(
                image, on: .bios, faults: faults + ",file.inject-error.0.once=on")
            once.expectSuccess()
            let ever = try await machine.boot(
                image, on: .bios, faults: faults + ",file.inject-error.0.once=off")
            ever.expect("bootimage: disk: cannot be read; int 13h status: 0x")
        }
    }

    /// A kernel that fills some sectors, and a loader that does not wait after a failure.
    private static func imageThatEndsOnFailure(in folder: FilePath) async throws -> FilePath {
        let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
            .build(in: folder)
        let settings = folder.appending("boot.json").string
        try #"{"on_failure": 21}"#.write(toFile: settings, atomically: false, encoding: .utf8)
        let image = folder.appending("image")
        try await Project.bootimage.succeed([
            "build", kernel.string, "--firmware", "bios", "-o", image.string,
            "--boot-config", settings,
        ])
        return image
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
