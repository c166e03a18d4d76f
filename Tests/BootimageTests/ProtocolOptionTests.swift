import SystemPackage
import TestSupport
import Testing

/// `--protocol`, and `protocol` in bootimage.toml and in boot.json.
@Suite(.needs("clang", "ld.lld"))
struct ProtocolOptionTests {
    @Test func `the option and the setting go into boot.json`() async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("disk.img").string
            let build = ["build", kernel.string, "--firmware", "bios", "--output", image]
            let output = folder.appending("boot.json")
            let extract = ["inspect", image, "--extract", "boot.json", "--output", output.string]
            try await Project.bootimage.succeed(build + ["--protocol", "plain"])
            try await Project.bootimage.succeed(extract)
            #expect(try read(output) == Array(#"{"protocol": "plain"}"#.utf8))
            let settings = folder.appending("bootimage.toml")
            try write(Array(#"protocol = "plain""#.utf8), to: settings)
            let given = folder.appending("given.json")
            try write(Array(#"{"aslr": false}"#.utf8), to: given)
            try await Project.bootimage.succeed(
                build + ["--config", settings.string, "--boot-config", given.string])
            try await Project.bootimage.succeed(extract)
            #expect(try read(output) == Array(#"{"protocol": "plain", "aslr": false}"#.utf8))
        }
    }

    @Test(arguments: ["build", "run", "inspect"])
    func `a protocol that the kernel does not ask for is refused`(
        _ command: String
    ) async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Project.bootimage(
                command, kernel.string, "--protocol", "multiboot2")
            if command == "inspect" {
                #expect(
                    verdict.output.contains(
                        "--protocol multiboot2: the file has no Multiboot2 header"))
            } else {
                verdict.expectRefusal(
                    65, saying: kernel.string,
                    "--protocol multiboot2: the file has no Multiboot2 header")
            }
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `an option that contradicts boot.json is refused`() async throws {
        try await withKernel { folder, kernel in
            let given = folder.appending("boot.json")
            try write(Array(#"{"protocol": "limine"}"#.utf8), to: given)
            try await Project.bootimage(
                "build", kernel.string, "--boot-config", given.string, "--protocol", "plain"
            ).expectRefusal(
                65, saying: given.string, "protocol is “limine”, and --protocol is plain")
        }
    }

    @Test func `a kernel is inspected and built by its protocol`() async throws {
        try await withKernel { folder, kernel in
            var bytes = try await HelloKernel.bytes
            let offset = try #require(
                stride(from: 0x200, to: 0x1ff0, by: 4).first {
                    bytes.dropFirst($0).starts(with: [UInt8](repeating: 0, count: 12))
                })
            let header: [UInt8] = [0x02, 0xb0, 0xad, 0x1b, 3, 0, 0, 0, 0xfb, 0x4f, 0x52, 0xe4]
            bytes.replaceSubrange(offset..<offset + 12, with: header)
            // The physical addresses lose their upper half, which Multiboot does not reach.
            for index in 0..<Int(bytes[56]) {
                let upper = 64 + index * 56 + 28
                bytes.replaceSubrange(upper..<upper + 4, with: [0, 0, 0, 0])
            }
            try write(bytes, to: kernel)
            let place = "0x\(String(offset, radix: 16))"
            let text = try await Project.bootimage("inspect", kernel.string)
            #expect(text.exitCode == 0)
            #expect(text.output.contains("boot protocol: Multiboot\n"), "\(text.output)")
            #expect(text.output.contains("selected  Multiboot header  at \(place)\n"))
            #expect(text.output.contains("\nMultiboot header\n  flags  0x3\n"))
            let json = try await Project.bootimage("inspect", kernel.string, "--json")
            for line in [
                #""selected": "multiboot""#, #""offset": "\#(place)""#, #""flags": "0x3""#,
            ] {
                #expect(json.output.contains(line), "\(json.output)")
            }
            let build = try await Project.bootimage("build", kernel.string, "--firmware", "bios")
            #expect((build.exitCode, build.error) == (0, ""))
            // The image's boot.json selects the rules for the kernel in it.
            let image = folder.appending("plain.img").string
            for firmware in ["bios", "uefi"] {
                try await Project.bootimage.succeed([
                    "build", kernel.string, "--firmware", firmware, "--output", image,
                    "--protocol", "plain",
                ])
                let report = try await Project.bootimage("inspect", image, "--json")
                #expect(report.output.contains(#""selected": "plain""#), "\(report.output)")
            }
        }
    }

    @Test func `an image keeps its protocol`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed(["build", kernel.string, "--firmware", "bios"])
            let image = folder.appending("bootimage-kernel.bios.img").string
            for command in ["run", "inspect"] {
                try await Project.bootimage(command, image, "--protocol", "plain")
                    .expectRefusal(64, saying: image, "--protocol")
            }
        }
    }
}
