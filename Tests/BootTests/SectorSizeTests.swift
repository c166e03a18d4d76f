import DiskImage
import SystemPackage
import TestSupport
import Testing

/// UEFI images for disks with sectors of 4 KiB, on such disks, and each type of FAT.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct SectorSizeTests {
    private static let sectors = "logical_block_size=4096,physical_block_size=4096"

    static let machines = [
        MachineTests.Hardware(
            "virtio-blk", "-machine q35 -device virtio-blk-pci,drive=disk,\(sectors)"),
        MachineTests.Hardware(
            "NVMe", "-machine q35 -device nvme,drive=disk,serial=1,\(sectors)"),
        MachineTests.Hardware(
            "virtio-scsi",
            "-machine q35 -device virtio-scsi-pci -device scsi-hd,drive=disk,\(sectors)"),
        // QEMU 7.2's usb-storage keeps what it is told of sectors to itself.
        MachineTests.Hardware(
            "USB",
            "-machine q35 -device qemu-xhci -device usb-bot,id=usb "
                + "-device scsi-hd,bus=usb.0,drive=disk,\(sectors)"),
    ]

    @Test(arguments: machines)
    func `kernel and RAM disk arrive whole`(_ machine: MachineTests.Hardware) async throws {
        try await withKernelAndRAMDisk { folder, kernel, ramdisk in
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--ramdisk", ramdisk, "--firmware", "uefi",
                "--sector-size", "4096", "-o", image.string,
            ])
            let result = try await machine.boot(image, on: .uefi)
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    /// The firmware's own driver reads loader and kernel from each type of FAT.
    @Test(arguments: FATType.allCases, SectorSize.allCases)
    func `a system partition of each type boots`(
        _ type: FATType, _ sectorSize: SectorSize
    ) async throws {
        try await withKernelAndRAMDisk { _, kernel, ramdisk in
            let result = try await boot(
                kernel, on: .uefi,
                options: [
                    "--sector-size", "\(sectorSize.rawValue)", "--esp-fat", "\(type.rawValue)",
                    "--ramdisk", ramdisk,
                ])
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    @Test func `run builds for such a disk, and boots from one`() async throws {
        try await withKernelAndRAMDisk { _, kernel, ramdisk in
            let result = try await boot(
                kernel, on: .uefi, options: ["--sector-size", "4096", "--ramdisk", ramdisk])
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    /// A RAM disk that ends within a sector.
    private func withKernelAndRAMDisk(
        _ body: (_ folder: FilePath, _ kernel: FilePath, _ ramdisk: String) async throws -> Void
    ) async throws {
        let byteCount = 3_000_001
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["RAMDISK=\(byteCount)"]
            ).build(in: folder)
            let ramdisk = try writeRAMDisk(byteCount: byteCount, in: folder)
            try await body(folder, kernel, ramdisk)
        }
    }
}
