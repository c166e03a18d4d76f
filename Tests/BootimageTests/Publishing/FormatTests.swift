import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit

/// `bootimage build --format`: images in containers, which qemu-img reads as it wrote them.
@Suite(.needs("clang", "ld.lld", "qemu-img"))
struct FormatTests {
    static let containers: [ContainerFormat] = [.qcow2, .vmdk, .vdi, .vhdx, .vhd]

    @Test(arguments: containers, ["bios", "uefi"])
    func `a container holds the raw image, and nothing else is left`(
        _ format: ContainerFormat, _ firmware: String
    ) async throws {
        try await withKernel { folder, kernel in
            let stem = "\(folder)/bootimage-kernel.\(firmware)"
            let container = "\(stem).\(format.rawValue)"
            let build = ["build", kernel.string, "--firmware", firmware]
            try await Project.bootimage.run(build + ["--format", format.rawValue])
                .expectSuccess(printing: container + "\n")
            let file = FilePath(container).lastComponent?.string ?? ""
            #expect(try names(in: folder) == [file, "kernel.elf"])
            try await Project.bootimage.succeed(build)
            let name = format.qemuName
            let comparison = try await Tool(name: "qemu-img").succeed(
                ["compare", "-f", "raw", "-F", name, stem + ".img", container])
            // It would only warn of another size.
            #expect(comparison.text == "Images are identical.\n")
            // qemu-img has no check of a VHD; it tells of a wrong checksum whenever it opens one.
            if format != .vhd {
                let check = try await Tool(name: "qemu-img").succeed([
                    "check", "-f", name, container,
                ])
                #expect(check.output.hasPrefix("No errors"), "\(check.text)")
                #expect(check.error == "", "\(check.error)")
            }
            #expect(ContainerFormat(startingWith: try read(FilePath(container))) == format)
        }
    }

    @Test(arguments: containers)
    func `the same input gives the same bytes at another time`(
        _ format: ContainerFormat
    ) async throws {
        let first = try await build(format)
        try await Task.sleep(for: .seconds(1.1))  // A VHD counts time in seconds.
        let second = try await build(format)
        let areSame = first == second
        #expect(areSame)
        let other = try await build(format, changed: true)
        #expect(other.count == first.count)
        for place in identifiers[format] ?? [] {
            let (old, new) = (first[place], other[place])
            #expect(old != new && old.contains { $0 != 0 }, "\(place)")
        }
    }

    /// Where a container has what no other may have.
    private let identifiers: [ContainerFormat: [Range<Int>]] = [
        .vmdk: [0x224..<0x22C], .vdi: [0x188..<0x198, 0x198..<0x1A8],
        .vhdx: [0x10010..<0x10020, 0x10020..<0x10030, 0x20010..<0x20020],
        .vhd: [0x44..<0x54],
    ]

    private func build(_ format: ContainerFormat, changed: Bool = false) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await withTemporaryFolder { folder in
            var kernel = try await HelloKernel.bytes
            if changed {
                let letter = try #require(kernel.firstRange(of: Array("Hello".utf8))?.lowerBound)
                kernel[letter] = UInt8(ascii: "J")
            }
            try write(kernel, to: folder.appending("k"))
            try await Project.bootimage.succeed([
                "build", "\(folder)/k", "--firmware", "uefi", "--format", format.rawValue,
            ])
            bytes = try read(folder.appending("bootimage-k.uefi.\(format.rawValue)"))
        }
        return bytes
    }

    @Test func `a raw image is there if it is asked for too, and the same as alone`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed(["build", kernel.string, "--firmware", "bios"])
            let alone = try read(folder.appending("bootimage-kernel.bios.img"))
            let verdict = try await Project.bootimage(
                "build", kernel.string, "--format", "vdi", "--format", "raw", "--name", "two")
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let files = ["bios.vdi", "bios.img", "uefi.vdi", "uefi.img"]
            let paths = files.map { "\(folder)/bootimage-two.\($0)\n" }
            #expect(verdict.output == paths.joined())
            let areSame = try read(folder.appending("bootimage-two.bios.img")) == alone
            #expect(areSame)
            #expect(try names(in: folder).count == 6)
        }
    }

    @Test func `names may be odd`() async throws {
        for name in ["a:b,c.elf", "-k", "json:{}", "two\nlines \"q\"", "kärnel"] {
            try await withKernel(named: name) { folder, _ in
                let verdict = try await Project.bootimage.run(
                    ["build", "./\(name)", "--format", "vmdk", "--firmware", "bios"],
                    workingDirectory: folder)
                verdict.expectSuccess()
                #expect(try names(in: folder).count == 2)
            }
            try await withKernel { outer, kernel in
                let folder = try makeFolder(outer.appending(name))
                let verdict = try await Project.bootimage.run(
                    [
                        "build", kernel.string, "--format", "qcow2", "--output-directory",
                        name
                            .hasPrefix("-") ? "./\(name)" : name,
                    ], workingDirectory: outer)
                #expect(verdict.exitCode == 0, "\(verdict.text)")
                #expect(try names(in: folder).count == 2)
            }
        }
    }

    @Test func `a setting asks for formats, and an option for others`() async throws {
        try await withKernel { folder, kernel in
            let settings = "format = [\"vdi\", \"vhd\"]\nfirmware = \"bios\"\ncompress = \"gz\"\n"
            try write(settings.utf8, to: folder.appending("bootimage.toml"))
            let build = ["build", kernel.string, "--config", "\(folder)/bootimage.toml"]
            let stem = "\(folder)/bootimage-kernel.bios"
            try await Project.bootimage.run(build)
                .expectSuccess(printing: "\(stem).vdi.gz\n\(stem).vhd.gz\n")
            try await Project.bootimage.run(build + ["--format", "raw"])
                .expectSuccess(printing: "\(stem).img.gz\n")
            try await Project.bootimage.run(build + ["-o", "\(folder)/a"])
                .expectSuccess(printing: "\(folder)/a\n")
            #expect(try read(folder.appending("a")).starts(with: [0x1F, 0x8B]) == false)
        }
    }

    @Test func `an image in a container is booted as such`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed(["build", kernel.string, "--format", "vhd"])
            for (firmware, words) in [("bios", "driver=vpc"), ("uefi", "OVMF")] {
                let image = "\(folder)/bootimage-kernel.\(firmware).vhd"
                let verdict = try await Project.bootimage("run", image, "--dry-run")
                #expect(verdict.exitCode == 0 && verdict.says(words), "\(verdict.text)")
                let other = try await Project.bootimage(
                    "run", image, "--dry-run", environment: ["PATH": "/none"])
                other.expectRefusal(69, saying: "qemu-img", image, "apt install qemu-utils")
            }
            let refusal = try await Project.bootimage(
                "run", "\(folder)/bootimage-kernel.bios.vhd", "--ramdisk", kernel.string)
            refusal.expectRefusal(64, saying: "--ramdisk applies when an image is built")
        }
    }
}
