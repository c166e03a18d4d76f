import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit

/// `--file DESTINATION=SOURCE`.
@Suite(.needs("clang", "ld.lld"))
struct ExtraFileTests {
    @Test(
        arguments: [
            ("a=b", "a", "b"), ("dir/a.txt=/x/b", "dir/a.txt", "/x/b"), ("a=b=c", "a", "b=c"),
        ])
    func `the first equals sign ends the destination`(
        _ argument: String, _ destination: String, _ source: String
    ) {
        let file = ExtraFile(destination: destination, source: FilePath(source))
        #expect(ExtraFile(argument: argument) == file)
    }

    @Test(arguments: ["", "a", "=", "=b", "a="])
    func `half an argument is a mistake`(_ argument: String) async throws {
        let verdict = try await Project.bootimage("build", "kernel", "--file", argument)
        #expect(verdict.exitCode == 64)
        #expect(verdict.error.contains("“\(argument)” is not DESTINATION=SOURCE"))
    }

    @Test(.needs("mcopy", "fsck.fat"))
    func `files arrive in the EFI system partition`() async throws {
        try await withKernel { folder, kernel in
            let files = [
                ("empty", 0), ("EFI/config.txt", 1),
                ("modules/Ünicode and a long name.mod", 70_000),
                ("Modules/second.mod", 512),
            ]
            let arguments = try Self.arguments(files, in: folder)
            let image = folder.appending("image").string
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "-o", image] + arguments)
            let partition = folder.appending("partition")
            try await Tool(name: "dd").succeed([
                "if=\(image)", "of=\(partition)", "bs=1M", "skip=1", "status=none",
            ])
            let fsck = try await Tool(name: "fsck.fat").run(["-n", partition.string])
            #expect(fsck.exitCode == 0 && fsck.lines.count == 2, "\(fsck.text)")
            for (destination, count) in files {
                let copy = folder.appending("copy")
                try await Tool(name: "mcopy").succeed([
                    "-n", "-i", partition.string, "::/\(destination)", copy.string,
                ])
                #expect(try read(copy) == Self.bytes(count), "\(destination)")
            }
        }
    }

    @Test func `a TFTP server's folder gets them in folders of its own`() async throws {
        try await withKernel { folder, kernel in
            let files = [("config.txt", 3), ("modules/deep/a", 5), ("MODULES/b", 7)]
            let served = folder.appending("served")
            let arguments = try Self.arguments(files, in: folder)
            for _ in 0..<2 {
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--pxe-directory", served.string] + arguments)
            }
            #expect(
                try names(in: served) == ["BOOTX64.EFI", "config.txt", "kernel-x86_64", "modules"])
            #expect(try names(in: served.appending("modules")) == ["b", "deep"])
            #expect(try read(served.pushing("modules/deep/a")) == Self.bytes(5))
            #expect(try read(served.pushing("modules/b")) == Self.bytes(7))
        }
    }

    @Test func `the BIOS image is made without them, with a warning`() async throws {
        try await withKernel { folder, kernel in
            let arguments = try Self.arguments([("a", 1)], in: folder)
            let verdict = try await Project.bootimage.run(["build", kernel.string] + arguments)
            #expect(verdict.exitCode == 0)
            let image = folder.appending("bootimage-kernel.bios.img")
            #expect(
                verdict.error == "bootimage: warning: \(image): omits the entries of --file: "
                    + "a BIOS image has no file system\n")
            try await Project.bootimage.succeed(["build", kernel.string, "-q"] + arguments)
        }
    }

    @Test func `files of bootimage.toml are reported as its table`() async throws {
        try await withKernel { folder, kernel in
            let file = folder.appending("bootimage.toml")
            let settings = "[files]\na = \"kernel.elf\"\n[directories]\nd = \"folder\"\n"
            try write([], to: makeFolder(folder.appending("folder")).appending("b"))
            try write(settings.utf8, to: file)
            let words = ["build", kernel.string, "--config", file.string]
            let verdict = try await Project.bootimage.succeed(words)
            let image = folder.appending("bootimage-kernel.bios.img")
            let end = "in bootimage.toml: a BIOS image has no file system"
            #expect(
                verdict.error.split(separator: "\n")
                    == ["files", "directories"].map { name in
                        "bootimage: warning: \(image): omits the entries of [\(name)] \(end)"[...]
                    }, "\(verdict.text)")
            try write("[files]\nramdisk = \"kernel.elf\"\n".utf8, to: file)
            try await Project.bootimage.run(words).expectRefusal(
                64, saying: "[files] in bootimage.toml: ramdisk=\(kernel): this name is reserved")
        }
    }

    @Test func `a BIOS image alone has no place for them`() async throws {
        try await withKernel { folder, kernel in
            let arguments = try Self.arguments([("a", 1)], in: folder)
            try await Project.bootimage.run(
                ["build", kernel.string, "--firmware", "bios"] + arguments
            ).expectRefusal(64, saying: "use --firmware uefi or hybrid, or --ramdisk")
        }
    }

    @Test func `other content or another path gives other identifiers`() async throws {
        try await withKernel { folder, kernel in
            var identifiers: [[UInt8]] = []
            for file in [("a", 1), ("b", 1), ("a", 2)] {
                let arguments = try Self.arguments([file], in: folder)
                let image = folder.appending("image")
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--firmware", "uefi", "-o", image.string] + arguments)
                identifiers.append(Array(try read(image)[568..<584]))
            }
            #expect(Set(identifiers).count == 3, "\(identifiers)")
        }
    }

    @Test func `a dry run shows them and writes nothing`() async throws {
        try await withKernel { folder, kernel in
            let arguments = try Self.arguments([("empty", 0), ("b/c d", 7)], in: folder)
            let build = ["build", kernel.string, "--dry-run", "--firmware", "uefi"] + arguments
            let image = try await Project.bootimage.succeed(build)
            #expect(image.output.contains("           7  b/c d\n"), "\(image.output)")
            let served = try await Project.bootimage.succeed(
                build + ["--pxe-directory", "\(folder)/served"])
            #expect(served.output.hasSuffix("           0  empty\n           7  b/c d\n"))
            #expect(try names(in: folder) == ["0", "1", "kernel.elf"])
        }
    }

    @Test func `run builds an image with them`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let arguments = try Self.arguments([("b/c", 7)], in: folder)
            let run = ["run", kernel] + arguments + ["--firmware"]
            try await qemu.run(run + ["bios"]).expectRefusal(64, saying: "use --firmware uefi")
            try await qemu.run(run + ["uefi"]).expectSuccess()
            let partition = "\(folder)/bootimage-kernel.uefi.img@@1M"
            let list = try await Tool(name: "mdir").succeed(["-/", "-b", "-i", partition, "::"])
            #expect(list.lines.contains("::/b/c"), "\(list.text)")
        }
    }

    /// A destination, and what is said of it, with all outputs that can hold it.
    static let refusals: [(String, Int32, String)] = [
        ("KERNEL-x86_64", 64, "this name is reserved for the loader"),
        ("ramdisk", 64, "this name is reserved for the loader"),
        ("BOOT.json/b", 64, "this name is reserved for the loader"),
        ("ramdi\u{17F}k", 64, "this name is reserved for the loader"),
        ("a", 65, "has the same path as"), ("A", 65, "has the same path as"),
        ("a/b", 65, "both a file and"),
        ("/b", 65, "the component \"\" is empty"), ("b/", 65, "the component \"\" is empty"),
        ("../b", 65, "the component \"..\" is not a file name"), ("b:c", 65, "contains a control"),
        ("b/./c", 65, "the component \".\" is not a file name"), ("b.", 65, "ends in a dot"),
        ("b//c", 65, "the component \"\" is empty"), ("b\n", 65, "contains a control"),
        (String(repeating: "n", count: 256), 65, "is longer than 255 UTF-16 units"),
    ]

    @Test(arguments: refusals, [[], ["--firmware", "uefi"], ["--pxe-directory", "served"]])
    func `a destination that cannot be is refused`(
        _ row: (String, Int32, String), _ output: [String]
    ) async throws {
        let (destination, status, message) = row
        try await withKernel { folder, kernel in
            let arguments = try Self.arguments([("a", 1), (destination, 2)], in: folder)
            try await Project.bootimage.run(
                ["build", kernel.string] + output + arguments, workingDirectory: folder
            ).expectRefusal(status, saying: message, "\(folder)/1")
            #expect(try names(in: folder) == ["0", "1", "kernel.elf"])
        }
    }

    @Test func `a loader of the user's own does not take the loader's place`() async throws {
        try await withKernel { folder, kernel in
            let arguments = try Self.arguments([("efi/boot/bootx64.efi", 1)], in: folder)
            try await Project.bootimage.run(
                ["build", kernel.string, "--firmware", "uefi"] + arguments
            ).expectRefusal(65, saying: "has the same path as \"EFI/BOOT/BOOTX64.EFI\"")
        }
    }

    @Test func `a source must be a file that is there`() async throws {
        try await withKernel { folder, kernel in
            let build = ["build", kernel.string, "--firmware", "uefi", "--file"]
            try await Project.bootimage.run(build + ["a=\(folder)/none"])
                .expectRefusal(66, saying: "\(folder)/none")
            try await Project.bootimage.run(build + ["a=\(folder)"])
                .expectRefusal(65, saying: "\(folder): is a folder")
        }
    }

    /// Writes a source for each destination, of so many bytes.
    private static func arguments(
        _ files: [(String, Int)], in folder: FilePath
    ) throws -> [String] {
        try files.enumerated().flatMap { index, file in
            let source = folder.appending("\(index)")
            try write(bytes(file.1), to: source)
            return ["--file", "\(file.0)=\(source)"]
        }
    }

    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    }
}
