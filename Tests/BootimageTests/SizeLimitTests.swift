import SystemPackage
import TestSupport
import Testing

/// Files as long as the formats allow, and longer; all of them are holes.
@Suite(.needs("clang", "ld.lld", "truncate"))
struct SizeLimitTests {
    /// The sectors of a master boot record's largest partition table that end on a whole MiB.
    private static let sectors = (1 << 32) - 2048

    @Test func `a BIOS image ends at 2 TiB`() async throws {
        try await withKernel { folder, kernel in
            let kernelSectors = (try read(kernel).count + 4095) / 4096 * 8
            let room = (Self.sectors - 2048 - 8 - kernelSectors) * 512
            let fits = try await Self.build(kernel, "bios", ramdiskByteCount: room, in: folder)
            fits.expectSuccess()
            let tooLong = try await Self.build(
                kernel, "bios", ramdiskByteCount: room + 1, in: folder)
            tooLong.expectRefusal(65, saying: "at most")
            #expect(tooLong.error.contains("2 TiB"), "\(tooLong.error)")
        }
    }

    @Test func `a file on FAT ends at 4 GiB`() async throws {
        try await withKernel { folder, kernel in
            let fits = try await Self.build(
                kernel, "uefi", ramdiskByteCount: 4 << 30 - 1, in: folder)
            fits.expectSuccess()
            let tooLong = try await Self.build(
                kernel, "uefi", ramdiskByteCount: 4 << 30, in: folder)
            tooLong.expectRefusal(
                65, saying: "file \"ramdisk\" has 4294967296 bytes; FAT allows at most 4294967295")
        }
    }

    private static func build(
        _ kernel: FilePath, _ firmware: String, ramdiskByteCount: Int, in folder: FilePath
    ) async throws -> Tool.Verdict {
        let ramdisk = folder.appending("ramdisk").string
        try await Tool(name: "truncate").succeed(["--size=\(ramdiskByteCount)", ramdisk])
        return try await Project.bootimage(
            "build", kernel.string, "--firmware", firmware, "--ramdisk", ramdisk, "--dry-run")
    }
}
