import Foundation
import SystemPackage
import TestSupport
import Testing

/// The folder that `build --pxe-directory` writes.
@Suite(.needs("clang", "ld.lld"))
struct PXEDirectoryTests {
    private static let loader = Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI")

    @Test
    func `the folder is made and holds loader, kernel and RAM disk, and nothing else is written`()
        async throws
    {
        try await withKernel { folder, kernel, served in
            let ramdisk = folder.appending("disk")
            try write("a RAM disk", to: ramdisk)
            let verdict = try await Project.bootimage.succeed([
                "build", kernel.string, "--ramdisk", ramdisk.string,
                "--pxe-directory", served.string,
            ])
            #expect(verdict.text == "\(served)\n")
            #expect(try names(in: served) == ["BOOTX64.EFI", "kernel-x86_64", "ramdisk"])
            #expect(try read(served.appending("BOOTX64.EFI")) == read(Self.loader))
            #expect(try read(served.appending("kernel-x86_64")) == read(kernel))
            #expect(try read(served.appending("ramdisk")) == read(ramdisk))
            #expect(try names(in: folder) == ["disk", "kernel.elf", "kernel.o", "served"])
        }
    }

    @Test(arguments: [
        (["--firmware", "uefi"], ["bootimage-kernel.uefi.img"]),
        (["--name", "x"], ["bootimage-x.bios.img", "bootimage-x.uefi.img"]),
    ])
    func `options about images write images too`(
        _ options: [String], _ images: [String]
    ) async throws {
        try await withKernel { folder, kernel, served in
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--pxe-directory", served.string] + options)
            #expect(try names(in: served) == ["BOOTX64.EFI", "kernel-x86_64"])
            #expect(try names(in: folder) == images + ["kernel.elf", "kernel.o", "served"])
        }
    }

    @Test func `a dry run shows the files and makes no folder`() async throws {
        try await withKernel { folder, kernel, served in
            let verdict = try await Project.bootimage.succeed(
                ["build", kernel.string, "--pxe-directory", served.string, "--dry-run"])
            #expect(verdict.output.contains("  BOOTX64.EFI\n"))
            #expect(verdict.output.contains(" \(try read(kernel).count)  kernel-x86_64\n"))
            #expect(try names(in: folder) == ["kernel.elf", "kernel.o"])
        }
    }

    @Test func `files of an earlier build are replaced, and others stay`() async throws {
        try await withKernel { _, kernel, served in
            try makeFolder(served)
            try write("old", to: served.appending("kernel-x86_64"))
            try write("mine", to: served.appending("pxelinux.0"))
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--pxe-directory", served.string])
            #expect(try names(in: served) == ["BOOTX64.EFI", "kernel-x86_64", "pxelinux.0"])
            #expect(try read(served.appending("kernel-x86_64")) == read(kernel))
        }
    }

    @Test(arguments: ["ramdisk", "boot.json"])
    func `what only an earlier build had is refused, and nothing changes`(
        _ name: String
    ) async throws {
        try await withKernel { _, kernel, served in
            try makeFolder(served)
            try write("old", to: served.appending(name))
            try await expectRefusal(kernel, served, saying: "not part of this build; remove it")
            #expect(try names(in: served) == [name])
        }
    }

    @Test func `a kernel inside the folder is no output`() async throws {
        try await withKernel { _, kernel, served in
            try makeFolder(served)
            let input = served.appending("kernel-x86_64")
            try FileManager.default.moveItem(atPath: kernel.string, toPath: input.string)
            try await expectRefusal(input, served, saying: "it is the input")
            #expect(try names(in: served) == ["kernel-x86_64"])
        }
    }

    @Test func `a file in the folder's place is refused`() async throws {
        try await withKernel { _, kernel, served in
            try write("a file", to: served)
            try await expectRefusal(kernel, served, saying: "it is not a folder; name another")
        }
    }

    @Test func `only one folder is made`() async throws {
        try await withKernel { folder, kernel, served in
            try await expectRefusal(
                kernel, served.appending("below"), saying: "cannot create the folder")
            #expect(try names(in: folder) == ["kernel.elf", "kernel.o"])
        }
    }

    /// A folder with a kernel, and a path in it for what is served.
    private func withKernel(
        _ body: (_ folder: FilePath, _ kernel: FilePath, _ served: FilePath) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "hello.S", shape: .higherHalf)
                .build(in: folder)
            try await body(folder, kernel, folder.appending("served"))
        }
    }

    private func expectRefusal(
        _ kernel: FilePath, _ served: FilePath, saying text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let verdict = try await Project.bootimage.run(
            ["build", kernel.string, "--pxe-directory", served.string])
        #expect(verdict.exitCode == 73, sourceLocation: sourceLocation)
        #expect(verdict.output.isEmpty, sourceLocation: sourceLocation)
        #expect(verdict.error.contains(text), sourceLocation: sourceLocation)
        #expect(verdict.lines.count == 1, sourceLocation: sourceLocation)
    }

    private func makeFolder(_ path: FilePath) throws {
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: false)
    }

    private func write(_ text: String, to path: FilePath) throws {
        try Data(text.utf8).write(to: URL(filePath: path.string))
    }

    private func read(_ path: FilePath) throws -> Data {
        try Data(contentsOf: URL(filePath: path.string))
    }

    private func names(in folder: FilePath) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
    }
}
