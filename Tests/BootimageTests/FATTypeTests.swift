import SystemPackage
import TestSupport
import Testing

/// `--esp-fat`: which FAT the EFI system partition has.
@Suite(.needs("clang", "ld.lld"))
struct FATTypeTests {
    @Test(arguments: [("12", "FAT12   ", 54), ("16", "FAT16   ", 54), ("32", "FAT32   ", 82)])
    func `the boot sector names the type`(_ type: String, _ name: String, _ offset: Int)
        async throws
    {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed(["build", kernel.string, "--esp-fat", type])
            let image = try read(folder.appending("bootimage-kernel.uefi.img"))
            let start = 1 << 20 + offset
            #expect(String(decoding: image[start..<start + 8], as: UTF8.self) == name)
        }
    }

    @Test func `FAT32 is the default`() async throws {
        try await withKernel { folder, kernel in
            let build = ["build", kernel.string, "--firmware", "uefi", "-o"]
            try await Project.bootimage.succeed(build + ["\(folder)/default"])
            try await Project.bootimage.succeed(build + ["\(folder)/given", "--esp-fat", "32"])
            try await Tool(name: "cmp").succeed(["\(folder)/default", "\(folder)/given"])
        }
    }

    @Test(arguments: [
        ["build", "--firmware", "bios"], ["build", "--pxe-directory", "served"], ["run"],
        ["run", "--firmware", "bios"],
    ])
    func `without a UEFI image there is nothing to choose`(_ arguments: [String]) async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.run(arguments + [kernel.string, "--esp-fat", "16"])
                .expectRefusal(64, saying: "--esp-fat 16", "--firmware uefi")
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `run builds with it, and does not take it for an image`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let options = ["--firmware", "uefi", "--esp-fat", "12"]
            try await qemu.run(["run", kernel] + options).expectSuccess()
            let image = "\(folder)/bootimage-kernel.uefi.img"
            let sector = try read(FilePath(image))[(1 << 20)...]
            #expect(sector.dropFirst(54).starts(with: "FAT12".utf8))
            try await qemu.run(["run", image] + options).expectRefusal(64, saying: "--esp-fat")
        }
    }

    @Test(
        .needs("truncate"),
        arguments: [
            ("12", 200, "the limit of FAT12 is 1331", "or use FAT16 or FAT32 (--esp-fat 16 or 32)"),
            ("12", 3000, "the limit of FAT12 is 1331", "or use FAT32 (--esp-fat 32)"),
            ("16", 3000, "the limit of FAT16 is 2146140160", "or use FAT32 (--esp-fat 32)"),
        ])
    func `what a type cannot hold is told, with those that can`(
        _ type: String, _ mebibytes: Int, _ limit: String, _ remedy: String
    ) async throws {
        try await withKernel { folder, kernel in
            let ramdisk = folder.appending("ramdisk").string
            try await Tool(name: "truncate").succeed(["--size=\(mebibytes)M", ramdisk])
            try await Project.bootimage.run([
                "build", kernel.string, "--ramdisk", ramdisk, "--esp-fat", type,
            ]).expectRefusal(65, saying: limit, remedy, "clusters of 32768 bytes")
            #expect(try names(in: folder) == ["kernel.elf", "ramdisk"])
        }
    }
}
