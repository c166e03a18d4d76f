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
