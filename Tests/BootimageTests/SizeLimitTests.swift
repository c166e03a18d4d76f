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
            tooLong.expectRefusal(
                65, saying: "the image would have 2199023255552 bytes; the limit is 2199023255040",
                "bytes (2 TiB); reduce its content")
        }
    }

    @Test func `a RAM disk longer than any BIOS image is named`() async throws {
        try await withKernel { folder, kernel in
            let tooLong = try await Self.build(
                kernel, "bios", ramdiskByteCount: 3 << 40, in: folder)
            tooLong.expectRefusal(
                65, saying: "\(folder)/ramdisk: the ramdisk has 3298534883328 bytes",
                "the limit is 2199023255040 bytes; make it smaller")
        }
    }

    @Test func `files on a UEFI image end at 2 TiB together`() async throws {
        try await withKernel { folder, kernel in
            let file = folder.appending("file")
            try await Tool(name: "truncate").succeed(["--size=\(4 << 30 - 1)", file.string])
            let arguments = (0..<512).flatMap { ["--file", "\($0)=\(file)"] }
            try await Project.bootimage.run(
                ["build", kernel.string, "--firmware", "uefi", "--dry-run"] + arguments
            ).expectRefusal(65, saying: "the limit is 2199023255040 bytes (2 TiB)")
        }
    }

    @Test(arguments: ["--ramdisk", "--file"], ["--firmware=uefi", "--pxe-directory=served"])
    func `a file on FAT ends at 4 GiB`(_ option: String, _ output: String) async throws {
        try await withKernel { folder, kernel in
            let file = folder.appending("source")
            let (name, value) = option == "--file" ? ("a", "a=\(file)") : ("ramdisk", file.string)
            let build = ["build", kernel.string, option, value, output, "--dry-run"]
            try await Tool(name: "truncate").succeed(["--size=\(4 << 30 - 1)", file.string])
            let fits = try await Project.bootimage.run(build)
            fits.expectSuccess()
            #expect(fits.output.contains("  4294967295  \(name)\n"), "\(fits.output)")
            try await Tool(name: "truncate").succeed(["--size=\(4 << 30)", file.string])
            try await Project.bootimage.run(build).expectRefusal(
                65,
                saying: "\(file): file \"\(name)\" has 4294967296 bytes; the limit of FAT is "
                    + "4294967295 bytes; split the file or make it smaller")
        }
    }

    @Test func `what the UEFI image cannot hold keeps the BIOS image from being written`()
        async throws
    {
        try await withKernel { folder, kernel in
            let ramdisk = folder.appending("ramdisk")
            try await Tool(name: "truncate").succeed(["--size=\(4 << 30)", ramdisk.string])
            try await Project.bootimage("build", kernel.string, "--ramdisk", ramdisk.string)
                .expectRefusal(65, saying: "\(ramdisk): ")
            #expect(try names(in: folder) == ["kernel.elf", "ramdisk"])
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
