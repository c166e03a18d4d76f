import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Settings
@testable import bootimage

/// The effect of `bootimage.toml` on the commands.
@Suite(.needs("clang", "ld.lld"))
struct ConfigCommandTests {
    @Test(
        arguments: [
            (.unreadable("f"), Failure(.missingInput, "f: cannot be read; check the path")),
            (
                .otherOwner("/a b/bootimage.toml", owner: 1000, user: 0),
                Failure(
                    .badInput,
                    "/a b/bootimage.toml: belongs to user 1000, but user 0 runs the command; if "
                        + "you trust it, use --config '/a b/bootimage.toml' or set "
                        + "BOOTIMAGE_SAFE_DIRECTORY='/a b'")
            ),
            (
                .notText("f", byteLimit: 1 << 20),
                Failure(.badInput, "f: not a UTF-8 text file of at most 1024 KiB")
            ),
            (
                .file("f", line: 2, .unknownKey("z", nearest: nil)),
                Failure(.badInput, "f:2: unknown key “z”; `bootimage config` lists all keys")
            ),
            (
                .variable("V", found: "x", allowed: .flag),
                Failure(.usage, "V is “x”; it must be true or false")
            ),
        ] as [(SettingsError, Failure)])
    func `an error in settings has its message and exit status`(
        _ error: SettingsError, _ failure: Failure
    ) {
        #expect(Failure(error) == failure)
    }

    @Test func `config prints each setting and where it comes from`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("bootimage.toml")
            try write("\nfirmware = \"uefi\"\n".utf8, to: file)
            let inner = try makeFolder(folder.appending("a/b"))
            let verdict = try await Project.bootimage.run(
                ["config"], environment: ["BOOTIMAGE_NAME": "n"], workingDirectory: inner)
            #expect(verdict.exitCode == 0 && verdict.error == "")
            for (setting, origin) in [
                ("firmware = \"uefi\"", "\(file):2"), ("name = \"n\"", "BOOTIMAGE_NAME"),
                ("test-timeout = 300", "default"), ("# kernel =", "not set: a path (a string)"),
            ] {
                let line = verdict.lines.first { $0.hasPrefix(setting) }
                #expect(line?.hasSuffix("  # \(origin)") == true, "\(verdict.output)")
            }
            // A package's file is beside its Package.swift: none of a folder around it counts.
            try write([], to: inner.appending("Package.swift"))
            let other = try await Project.bootimage.run(["config"], workingDirectory: inner)
            #expect(other.says("# firmware ="))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func `a stranger's file runs nothing`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let file = folder.appending("bootimage.toml")
            let command = "build-command = [\"touch\", \"\(folder)/ran\"]"
            try write("kernel = \"k\"\n\(command)".utf8, to: file)
            try await Tool(name: "chown").succeed(["54321", file.string])
            let inner = try makeFolder(folder.appending("a"))
            let build = { variables in
                try await Project.bootimage.run(
                    ["build"], environment: variables, workingDirectory: inner)
            }
            try await build([:]).expectRefusal(65, saying: "belongs to user 54321")
            #expect(try names(in: folder) == ["a", "bootimage.toml"])
            _ = try await build(["SUDO_UID": "54321"])
            #expect(try names(in: folder) == ["a", "bootimage.toml", "ran"])
        }
    }

    @Test func `build reads kernel, build command and the rest from the file`() async throws {
        try await withKernel { folder, kernel in
            let text = """
                build-command = ["cp", "\(kernel)", "\(folder)/made.elf"]
                kernel = "made.elf"
                firmware = "uefi"
                esp-fat = 12
                output-directory = "images"
                name = "demo"
                """
            try write(text.utf8, to: folder.appending("bootimage.toml"))
            _ = try makeFolder(folder.appending("images"))
            let image = "\(folder)/images/bootimage-demo.uefi.img"
            try await Project.bootimage.run(["build"], workingDirectory: folder)
                .expectSuccess(printing: "\(image)\n")
            let verdict = try await Project.bootimage("verify", image)
            #expect(verdict.exitCode == 0)
            let other = folder.appending("other.toml")
            try write("kernel = \"made.elf\"\nbuild-command = [\"false\"]".utf8, to: other)
            try await Project.bootimage.run(["build", "--config", other.string])
                .expectRefusal(65, saying: "build-command: false ended with status 1")
            try write([], to: other)
            try await Project.bootimage.run(["build", "--config", other.string])
                .expectRefusal(64, saying: "say kernel = ")
        }
    }

    @Test func `QEMU's arguments have a fixed order`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let file = folder.appending("bootimage.toml").string
            let text = """
                run-args = ["-run"]
                test-args = ["-test", "a b"]
                """
            try write(text.utf8, to: FilePath(file))
            let run = try await qemu.run(["run", kernel, "--config", file, "--", "-own"])
            #expect(run.output.hasSuffix("\n-run\n-own\n"), "\(run.text)")
            let runner = try await qemu.run(["runner", "--config", file, kernel, "-own"])
            #expect(runner.output.hasSuffix("\n-run\n-own\n"), "\(runner.text)")
            let tests = folder.appending("KernelTests").string
            try write(read(FilePath(kernel)), to: FilePath(tests))
            let test = try await qemu.run(["runner", "--config", file, tests, "-own"])
            #expect(test.output.hasSuffix("\n-no-reboot\n-test\na b\n-own\n"), "\(test.text)")
        }
    }

    @Test func `run-command replaces QEMU`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let file = folder.appending("bootimage.toml").string
            let run = { (text: String) in
                try write(text.utf8, to: FilePath(file))
                return try await qemu.run(["run", kernel, "--config", file, "--", "-own"])
            }
            let verdict = try await run(
                #"run-command = ["qemu-system-x86_64", "-drive", "format=raw,file={}"]"#)
            let image = "\(folder)/bootimage-kernel.bios.img"
            #expect(verdict.output == "-drive\nformat=raw,file=\(image)\n-own\n", "\(verdict.text)")
            try await run(#"run-command = ["qemu-system-x86_64"]"#)
                .expectRefusal(65, saying: "put {} where")
            try await run(#"run-command = ["no-such-qemu", "{}"]"#)
                .expectRefusal(69, saying: "no-such-qemu is not on PATH")
        }
    }

    @Test(
        arguments: [
            (33, 33, 0), (0, 33, 1), (35, 33, 35), (0, 0, 0), (33, 0, 33), (0, nil, 1),
            (33, nil, 0), (35, nil, 35),
        ] as [(Int, Int?, Int32)])
    func `the exit status of a test is its verdict`(
        _ status: Int, _ success: Int?, _ verdict: Int32
    ) async throws {
        try await withKernelAndQEMU(ending: "exit \(status)") { folder, kernel, qemu in
            let tests = folder.appending("HelloTests").string
            try write(read(FilePath(kernel)), to: FilePath(tests))
            var environment: [Subprocess.Environment.Key: String] = [:]
            if let success { environment["BOOTIMAGE_TEST_SUCCESS_EXIT_CODE"] = "\(success)" }
            #expect(
                try await qemu.run(["runner", tests], environment: environment).exitCode == verdict)
            // A kernel that is no test gets QEMU's own.
            #expect(
                try await qemu.run(["runner", kernel], environment: environment).exitCode == status)
        }
    }

    @Test func `a test ends at its time limit`() async throws {
        try await withKernelAndQEMU(ending: "kill -STOP $$") { folder, kernel, qemu in
            let tests = folder.appending("SlowTests").string
            try write(read(FilePath(kernel)), to: FilePath(tests))
            let verdict = try await qemu.run(
                ["runner", tests], environment: ["BOOTIMAGE_TEST_TIMEOUT": "1"])
            #expect(verdict.exitCode == 124 && verdict.says("reached the time limit"))
        }
    }
}
