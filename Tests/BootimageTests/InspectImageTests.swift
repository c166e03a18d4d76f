import Foundation
import SystemPackage
import TestSupport
import Testing

/// `bootimage inspect` of the images that `build` writes: report, JSON, picture.
@Suite(.needs("clang", "ld.lld"))
struct InspectImageTests {
    @Test(
        arguments: [
            (["--firmware", "bios"], "MBR", ["boot sector", "payload header", "kernel"]),
            (
                ["--firmware", "hybrid", "--esp-fat", "16"], "GPT, sectors of 512 bytes",
                ["BIOS loader", "payload header", "/kernel-x86_64"]
            ),
            (
                ["--firmware", "uefi"], "GPT, sectors of 512 bytes",
                ["FAT32 boot sector", "FSInfo"]
            ),
            (
                ["--firmware", "uefi", "--sector-size", "4096", "--esp-fat", "12"],
                "GPT, sectors of 4096 bytes", ["FAT12 boot sector", "backup GPT header"]
            ),
        ])
    func `the report tells what was built`(
        _ options: [String], _ kind: String, _ regions: [String]
    ) async throws {
        try await Self.withImage(options) { folder, image in
            let verdict = try await Project.bootimage("inspect", image.string)
            verdict.expectSuccess()
            let lines = verdict.output.split(separator: "\n").map(String.init)
            #expect(lines.first == "\(image): \(kind)")
            #expect(lines.contains("  sound"))
            for region in regions {
                #expect(lines.contains { $0.hasSuffix(" \(region)") }, "\(region)")
            }
            // The first bar: 76 letters, the disk from its first sector on.
            let title = try #require(lines.firstIndex { $0.hasPrefix("the disk, sectors 0–") })
            #expect(lines[title + 1].count == 78 && lines[title + 1].hasPrefix("  ab"))
            #expect(verdict.says("  bootimage 0.1.0-dev\n"))
            #expect(!verdict.says("not of this version"))
            for part in [
                ": loadable\n", "\nsegments\n", "\nkernel configuration (.bootloader-config)\n",
            ] {
                #expect(verdict.says(part), "\(part)")
            }
            #expect(!verdict.says("\u{1B}"), "colours are for terminals")
            #expect(try names(in: folder) == ["disk.img", "kernel.elf", "ramdisk"])
        }
    }

    @Test func `files are in a tree, with their clusters, sectors and times`() async throws {
        let options = ["--firmware", "uefi", "--esp-fat", "16", "--file", "a/b/Long name.txt="]
        try await Self.withImage(options) { _, image in
            let text = try await Project.bootimage("inspect", image.string).output
            for line in [
                "  EFI/ ", "    BOOT/ ", "      BOOTX64.EFI ", "  a/ ", "    b/ ",
                "      Long name.txt ", "  kernel-x86_64 ", "  ramdisk ",
            ] {
                #expect(text.contains("\n\(line)"), "\(line) in \(text)")
            }
            let ramdisk = text.split(separator: "\n").first { $0.hasPrefix("  ramdisk ") }
            #expect(ramdisk?.contains(" 3000 ") == true, "\(ramdisk ?? "")")
            #expect(ramdisk?.hasSuffix("1980-01-01 00:00:00") == true)
        }
    }

    @Test(.needs("script")) func `on a terminal there are colours, unless NO_COLOR`() async throws {
        try await Self.withImage(["--firmware", "bios"]) { _, image in
            let command = "'\(Project.bootimage.name)' inspect '\(image)'"
            let script = Tool(name: "script")
            let arguments = ["--quiet", "--return", "--command", command, "/dev/null"]
            let path = ["/bin/env", "-u", "CI", "-u", "NO_COLOR", "TERM=xterm"]
            let colored = try await Tool(name: path[0]).succeed(
                Array(path.dropFirst()) + [script.name] + arguments)
            #expect(colored.output.contains("\u{1B}[30;48;5;210ma\u{1B}[0m"))
            let plain = try await Tool(name: path[0]).succeed(
                ["-u", "CI", "TERM=xterm", "NO_COLOR=1", script.name] + arguments)
            #expect(!plain.output.contains("\u{1B}"))
        }
    }

    @Test(.needs("xmllint")) func `the picture is SVG, whatever names there are`() async throws {
        let options = ["--firmware", "uefi", "--esp-fat", "16", "--file", "&'ü;#.txt="]
        try await Self.withImage(options) { folder, image in
            let svg = folder.appending("disk.svg")
            let verdict = try await Project.bootimage(
                "inspect", image.string, "--svg", svg.string)
            verdict.expectSuccess()
            #expect(verdict.output.hasPrefix("\(image): GPT"))
            try await Tool(name: "xmllint").succeed(["--noout", svg.string])
            let text = String(decoding: try read(svg), as: UTF8.self)
            #expect(text.contains(">/&amp;'ü;#.txt</text>"))
            #expect(text.contains("partition 1, EFI system, FAT16, sectors 2048–"))
        }
    }

    @Test func `a kernel has neither map nor files`() async throws {
        try await withKernel { folder, kernel in
            for options in [["--svg", "\(folder)/a.svg"], ["--extract", "kernel"]] {
                try await Project.bootimage.run(["inspect", kernel.string] + options)
                    .expectRefusal(64, saying: "is not a disk image")
            }
            for options in [["--output", "a"], ["--extract", "a", "--json"]] {
                let verdict = try await Project.bootimage.run(["inspect", kernel.string] + options)
                #expect(verdict.exitCode == 64)
            }
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `the picture replaces no image`() async throws {
        try await Self.withImage(["--firmware", "bios"]) { folder, image in
            let before = try read(image)
            try await Project.bootimage("inspect", image.string, "--svg", image.string)
                .expectRefusal(73, saying: "it is the input")
            try await Project.bootimage("inspect", image.string, "--svg", folder.string)
                .expectRefusal(73, saying: "it is a folder")
            #expect(try read(image) == before)
        }
    }

    @Test func `damage is counted, and what is left is shown`() async throws {
        try await Self.withImage(["--firmware", "uefi", "--esp-fat", "16"]) { _, image in
            var bytes = try read(image)
            bytes[512 + 56] ^= 1
            try write(bytes, to: image)
            let verdict = try await Project.bootimage("inspect", image.string)
            verdict.expectSuccess()
            #expect(verdict.says(" errors; list them with bootimage verify"), "\(verdict.output)")
            #expect(verdict.says("first copy  at sector 1, damaged"))
            #expect(verdict.says("backup      at sector 10239, sound"))
            #expect(verdict.says("/kernel-x86_64"))
        }
    }

    /// An image of a kernel and a RAM disk of 3,000 bytes, with options of `build`, in which a
    /// `--file` may end in `=` for the kernel.
    static func withImage(
        _ options: [String],
        _ body: (_ folder: FilePath, _ image: FilePath) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let ramdisk = folder.appending("ramdisk")
            try write((0..<3000).map { UInt8(truncatingIfNeeded: $0 * 7) }, to: ramdisk)
            let image = folder.appending("disk.img")
            let files = options.map { $0.hasSuffix("=") ? $0 + kernel.string : $0 }
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--output", image.string, "--ramdisk", ramdisk.string]
                    + files)
            try await body(folder, image)
        }
    }
}
