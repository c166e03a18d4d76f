import DiskImage
import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import struct bootimage.NewPackage
@testable import struct bootimage.PackageKind

/// `bootimage new`, and what it makes: built and booted in a clean folder, without network.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "qemu-system-aarch64", "make"))
struct NewCommandTests {
    private static func make(
        _ arguments: String..., in folder: FilePath
    ) async throws -> Tool.Verdict {
        let variable = "BOOTIMAGE=\(Project.bootimage.name)"
        return try await Tool(name: "make").run(
            arguments + [variable], workingDirectory: folder)
    }

    @Test(
        arguments: [
            ("swift", "bootloader"), ("c", "bootloader"), ("c", "limine"), ("c", "multiboot2"),
        ])
    func `a new package boots, passes its tests and writes images`(
        _ language: String, _ bootProtocol: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let verdict = try await Project.bootimage.run(
                ["new", "Demo", "--language", language, "--protocol", bootProtocol],
                workingDirectory: folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            #expect(verdict.output.hasSuffix("\ncd Demo && make run\n"))
            let demo = folder.appending("Demo")
            for firmware in Firmware.allCases {
                let run = try await Self.make(
                    "run", "FIRMWARE=\(firmware)", "ARGS=--headless", in: demo)
                #expect(run.output.contains("Hello from Demo!"), "\(run.text)")
                #expect(run.exitCode == 0, "\(run.text)")
            }
            let tests = try await Self.make("test", in: demo)
            #expect(
                tests.exitCode == 0 && tests.output.contains("2 passed, 0 failed"), "\(tests.text)")
            let images = try await Self.make("images", in: demo)
            #expect(images.exitCode == 0, "\(images.text)")
            for name in ["bootimage-Demo.hybrid.img", "bootimage-Demo.iso"] {
                let image = demo.appending("images/\(name)").string
                let verified = try await Project.bootimage.run(["verify", image])
                #expect(verified.exitCode == 0, "\(verified.text)")
            }
        }
    }

    @Test(arguments: ["swift", "c"])
    func `a new package for AArch64 boots and passes its tests`(_ language: String) async throws {
        try await withTemporaryFolder { folder in
            let verdict = try await Project.bootimage.run(
                ["new", "Demo", "--language", language, "--architecture", "aarch64"],
                workingDirectory: folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let demo = folder.appending("Demo")
            let run = try await Self.make("run", "ARGS=--headless", in: demo)
            #expect(run.output.contains("Hello from Demo!"), "\(run.text)")
            #expect(run.exitCode == 0, "\(run.text)")
            let tests = try await Self.make("test", in: demo)
            #expect(
                tests.exitCode == 0 && tests.output.contains("1 passed, 0 failed"), "\(tests.text)")
            let images = try await Self.make("images", in: demo)
            #expect(images.exitCode == 0, "\(images.text)")
            let image = demo.appending("images/bootimage-Demo.uefi.img").string
            let verified = try await Project.bootimage.run(["verify", image])
            #expect(verified.exitCode == 0, "\(verified.text)")
        }
    }

    /// Tests of the boot info that KernelRuntime makes of a device tree.
    private static let deviceTreeTests = """
        import BootInfo
        import KernelTesting

        @main
        struct DemoTests: KernelTests {
            static var tests: TestList {
                KernelTest("memory") {
                    let regions = bootInfo.memoryRegions
                    expect(regions.usableByteCount > 200 << 20, "most of 256 MiB is usable")
                    expect(regions.usableByteCount < 256 << 20, "not where the kernel is")
                }
                KernelTest("device tree") {
                    expect(bootInfo.loaderExtension?.deviceTreeAddress)
                    guard let line = expect(bootInfo.commandLine) else { return }
                    expect(line.count, equals: 9)
                    guard let ramdisk = bootInfo.ramdisk else { return skip("no RAM disk") }
                    expect(ramdisk.count, equals: 6)
                    expect(ramdisk[0], equals: 0x68)
                }
            }
        }

        """

    /// By the loader, and by QEMU itself: as an ELF file and as a flat file.
    @Test func `a new package for arm64's Image state boots and passes its tests`() async throws {
        try await withTemporaryFolder { folder in
            let verdict = try await Project.bootimage.run(
                ["new", "Demo", "--protocol", "arm64-image"], workingDirectory: folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let demo = folder.appending("Demo")
            for arguments in ["ARGS=--headless", "ARGS=--headless --direct"] {
                let run = try await Self.make("run", arguments, in: demo)
                #expect(run.output.contains("Hello from Demo!"), "\(run.text)")
                #expect(run.exitCode == 0 && !run.error.contains("warning"), "\(run.text)")
            }
            let source = demo.appending("Sources/DemoTests/DemoTests.swift").string
            try Self.deviceTreeTests.write(toFile: source, atomically: true, encoding: .utf8)
            let rebuilt = try await Self.make("build", in: demo)
            try #require(rebuilt.exitCode == 0, "\(rebuilt.text)")
            let ramdisk = folder.appending("ramdisk").string
            try "hello\n".write(toFile: ramdisk, atomically: true, encoding: .utf8)
            let content = ["--command-line", "quiet x=1", "--ramdisk", ramdisk]
            let built = demo.appending(".build/aarch64-none-none-elf/debug/DemoTests").string
            let flat = folder.appending("flat.img").string
            try await Tool(name: "llvm-objcopy").succeed(["-O", "binary", built, flat])
            for arguments in [
                [built] + content, ["--direct", built, "--command-line", "quiet x=1"],
                ["--direct", flat] + content,
                ["--direct", flat] + content + ["--", "-machine", "virtualization=on"],
            ] {
                let run = try await TestRun.of(arguments, workingDirectory: demo)
                #expect(run.results.map(\.verdict) == ["passed"], "\(arguments)")
                #expect(run.results.map(\.tests.count) == [2], "\(arguments)")
            }
        }
    }

    @Test func `a new package for a Raspberry Pi 3 boots, paints the screen and makes a card`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let verdict = try await Project.bootimage.run(
                ["new", "Demo", "--board", "raspi3"], workingDirectory: folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let demo = folder.appending("Demo")
            let picture = demo.appending("screen.png").string
            let run = try await Self.make(
                "run", "ARGS=--headless --screenshot \(picture)", in: demo)
            #expect(run.output.contains("Hello from Demo!"), "\(run.text)")
            #expect(run.exitCode == 0, "\(run.text)")
            // A PNG's width and height follow its signature and the first chunk's head.
            let size = FileManager.default.contents(atPath: picture)?.dropFirst(16).prefix(8)
            #expect(size == Data([0, 0, 4, 0, 0, 0, 3, 0]))
            let tests = try await Self.make("test", in: demo)
            #expect(tests.output.contains("1 passed, 0 failed"), "\(tests.text)")
            let images = try await Self.make("images", in: demo)
            #expect(images.exitCode == 0, "\(images.text)")
        }
    }

    @Test(arguments: [Board.raspi4, .raspi5])
    func `a new package for another Raspberry Pi makes a card only`(_ board: Board) async throws {
        try await withTemporaryFolder { folder in
            let verdict = try await Project.bootimage.run(
                ["new", "Demo", "--board", board.rawValue], workingDirectory: folder)
            #expect(verdict.output.hasSuffix("\ncd Demo && make images\n"), "\(verdict.text)")
            let demo = folder.appending("Demo")
            let images = try await Self.make("images", in: demo)
            #expect(images.exitCode == 0, "\(images.text)")
            let image = demo.appending("images/bootimage-Demo.\(board).img").string
            #expect(FileManager.default.fileExists(atPath: image))
            for file in try NewPackage(
                name: "Demo", language: .swift, bootProtocol: .arm64Image, board: board,
                dependency: .path("/bootimage")
            ).files {
                let words = ["make run", "make test", "UEFI"].filter { file.text.contains($0) }
                #expect(words.isEmpty, "\(file.path)")
                #expect(!file.text.contains(/@[A-Za-z0-9_-]+@/), "\(file.path)")
            }
        }
    }

    /// The last pixel has all of the gradient's red and blue, up to rounding.
    @Test(.needs("grub-file"), arguments: [BootProtocol.limine, .multiboot2], Firmware.allCases)
    func `a new package for another loader's protocol paints the screen`(
        _ bootProtocol: BootProtocol, _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let demo = folder.appending("Demo")
            try NewPackage(
                name: "Demo", language: .c, bootProtocol: bootProtocol,
                dependency: .path(Project.root)
            ).write(to: demo)
            let built = try await Self.make("build", in: demo)
            try #require(built.exitCode == 0, "\(built.text)")
            let kernel = demo.appending("build/Demo")
            let inspected = try await Project.bootimage("inspect", "--json", kernel.string)
            #expect(inspected.says("\"selected\": \"\(bootProtocol)\""), "\(inspected.text)")
            let judged = try await Tool(name: "grub-file")("--is-x86-multiboot2", kernel.string)
            #expect((judged.exitCode == 0) == (bootProtocol == .multiboot2))
            try await Machine.running(kernel, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains("Hello from Demo!") }
                try await machine.poll { try await machine.lastPixel() == [254, 64, 254] }
            }
        }
    }

    @Test func `the page has every kind of package`() throws {
        let path = Project.root.appending("docs/kernels.md").string
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        for kind in PackageKind.all {
            let words = [kind.bootProtocol.rawValue] + kind.architectures.map(\.rawValue)
            let rows = lines.filter { $0.hasPrefix("| `\(kind.language)`") }
            let fits = rows.contains { row in words.allSatisfy { row.contains("`\($0)`") } }
            #expect(fits, "\(kind.language) \(words)")
        }
    }

    @Test(
        arguments: PackageKind.all.flatMap { kind in
            kind.architectures.map { (kind.language, kind.bootProtocol, $0) }
        })
    func `a new package has no text for another kind`(
        _ language: NewPackage.Language, _ bootProtocol: BootProtocol, _ architecture: Architecture
    ) throws {
        let package = try NewPackage(
            name: "Demo", language: language, bootProtocol: bootProtocol,
            architecture: architecture, dependency: .path("/bootimage"))
        let foreign =
            architecture == .x86_64
            ? ["aarch64", "semihosting"] : ["x86", "BIOS", "bios", "isa-debug-exit", "ovmf", "sse"]
        for file in package.files {
            let words = foreign.filter { file.text.contains($0) }
            #expect(words.isEmpty, "\(file.path)")
            #expect(!file.text.contains(/@[A-Za-z0-9_-]+@/), "\(file.path)")
        }
    }

    /// The line of its README, with bootimage on PATH.
    @Test func `swift run boots a new package`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Project.bootimage.run(["new", "Demo"], workingDirectory: folder)
            let bin = FilePath(Project.bootimage.name).removingLastComponent()
            let line = """
                PATH="\(bin):$PATH" swift run --triple x86_64-unknown-none-elf \
                --toolset kernel.json Demo \
                -display none -device isa-debug-exit,iobase=0xf4,iosize=0x04
                """
            let run = try await Tool(name: "bash").run(
                ["-c", line], workingDirectory: folder.appending("Demo"))
            #expect(run.exitCode == 33, "\(run.text)")
            #expect(run.output.contains("Hello from Demo!"), "\(run.text)")
        }
    }

    @Test func `a package with a URL uses it everywhere`() throws {
        let url = "https://example.org/x/bootimage.git"
        let package = try NewPackage(name: "Demo", language: .swift, dependency: .url(url))
        let texts = package.files.filter { $0.text.contains(url) }.map(\.path.string)
        #expect(texts == ["Package.swift", ".github/workflows/tests.yml"])
        #expect(!package.files.contains { $0.text.contains("@NAME@") || $0.text.contains("NOTE@") })
    }

    @Test(
        arguments: [
            (BootProtocol.bootloader, Architecture.x86_64, "kernel.json"),
            (.bootloader, .aarch64, "kernel-aarch64.json"),
            (.arm64Image, .aarch64, "kernel-arm64-image.json"),
        ])
    func `the toolset is the project's, with bootimage from PATH`(
        _ bootProtocol: BootProtocol, _ architecture: Architecture, _ name: String
    ) throws {
        func toolset(_ bytes: Data) throws -> NSMutableDictionary {
            let object = try JSONSerialization.jsonObject(with: bytes, options: .mutableContainers)
            let dictionary = try #require(object as? NSMutableDictionary)
            dictionary.removeObject(forKey: "debugger")
            return dictionary
        }
        let package = try NewPackage(
            name: "Demo", language: .swift, bootProtocol: bootProtocol,
            architecture: architecture, dependency: .path("/x"))
        let own = try #require(package.files.first { $0.path == "kernel.json" }).text
        let projects = try Data(contentsOf: URL(filePath: Project.root.appending(name).string))
        #expect(try toolset(projects) == toolset(Data(own.utf8)))
    }

    @Test(
        arguments: [
            (["my-kernel"], 64, "is not a valid kernel name"),
            (["KernelTesting"], 64, "one of bootimage's modules"),
            (["Demo", "--package", "/none"], 66, "/none: not a bootimage checkout"),
            (["Demo", "--language", "c", "--package", "https://x/y"], 64, "--package PATH"),
            (["Demo", "--board", "raspi3", "--protocol", "limine"], 64, "--board needs"),
            (["Demo", "--language", "zig"], 64, "zig"), (["taken"], 73, "already exists"),
            (
                ["Demo", "--protocol", "limine"], 64,
                "--protocol limine: not with --language swift; use bootloader or arm64-image\n"
            ),
            (
                ["Demo", "--language", "c", "--protocol", "plain"], 64,
                "--protocol plain: not with --language c; use bootloader or limine or multiboot2\n"
            ),
            (
                ["Demo", "--language", "c", "--protocol", "limine", "--architecture", "aarch64"],
                64,
                "--architecture aarch64: not with --language c --protocol limine; use x86_64\n"
            ),
        ] as [([String], Int32, String)])
    func `a mistake creates no files`(
        _ arguments: [String], _ status: Int32, _ text: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let taken = folder.appending("taken").string
            try FileManager.default.createDirectory(
                atPath: taken, withIntermediateDirectories: false)
            let verdict = try await Project.bootimage.run(
                ["new"] + arguments, workingDirectory: folder)
            #expect(verdict.exitCode == status)
            #expect(verdict.error.contains(text), "\(verdict.text)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(names == ["taken"])
        }
    }
}
