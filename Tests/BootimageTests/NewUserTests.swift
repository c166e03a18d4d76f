import Foundation
import SystemPackage
import TestSupport
import Testing

/// What was found when someone tried the tool for the first time.
@Suite(.needs("clang", "ld.lld"))
struct NewUserTests {
    @Test(arguments: [
        (["buld", "K"], "“buld” is not a command; use build"),
        (["isnpect", "K"], "“isnpect” is not a command; use inspect"),
        (["frobnicate"], "“frobnicate” is not a command; bootimage --help lists them"),
        (["new", "Tests"], "“Tests” would be a test: its name ends in Tests"),
        (["new", "HeapTests"], "“HeapTests” would be a test"),
        (["run", "K", "--disk", "cdrom"], "--disk cdrom needs a disc, and K becomes a disk"),
        (["run"], "no kernel is named; name one"),
        (["build", "K", "--volume-label", "low"], "--volume-label “low”: must be 1 to 11"),
    ])
    func `a mistake is named with its remedy`(_ words: [String], _ message: String) async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            let named = { (text: String) in
                text.split(separator: " ", omittingEmptySubsequences: false)
                    .map { $0 == "K" ? kernel : String($0) }.joined(separator: " ")
            }
            try await qemu.run(words.map(named)).expectRefusal(64, saying: named(message))
        }
    }

    @Test func `a debugger's port is not 0`() async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            let verdict = try await qemu.run(["run", kernel, "--gdb", "--gdb-port", "0"])
            #expect(verdict.exitCode == 64 && verdict.says("--gdb-port 0: must be 1 to 65535"))
        }
    }

    /// The settings are found from any folder of the package.
    @Test(.needs("chmod"), arguments: ["run", "build"])
    func `a build command runs beside its settings`(_ command: String) async throws {
        try await withKernelAndQEMU { folder, kernel, _ in
            let script = folder.appending("make.sh")
            try write("#!/bin/sh\npwd\ncp kernel.elf made.elf\n".utf8, to: script)
            try await Tool(name: "chmod").succeed(["+x", script.string])
            try write(
                "kernel = \"made.elf\"\nbuild-command = [\"./make.sh\"]\n".utf8,
                to: folder.appending("bootimage.toml"))
            let below = try makeFolder(folder.appending("below"))
            let verdict = try await Project.bootimage.run(
                [command, "--dry-run"], workingDirectory: below)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let start = try #require(FilePath(String(verdict.lines.first ?? "")).lastComponent)
            #expect(start == folder.lastComponent)
        }
    }

    @Test func `the tests in the settings are booted`() async throws {
        try await withKernelAndQEMU { folder, kernel, _ in
            try write(
                "tests = [\"a.elf\", \"kernel.elf\"]\nbuild-command = []\n".utf8,
                to: folder.appending("bootimage.toml"))
            try write(read(FilePath(kernel)), to: folder.appending("a.elf"))
            let verdict = try await Project.bootimage.run(
                ["test", "--dry-run", "--firmware", "bios"], workingDirectory: folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            #expect(verdict.says("a (bios)\n") && verdict.says("kernel (bios)\n"))
        }
    }

    /// The disassembler would hold twice the file's size in memory.
    @Test func `a huge kernel is inspected, but its code is not searched`() async throws {
        try await withKernelAndQEMU { _, kernel, _ in
            try await Tool(name: "truncate").succeed(["--size=300M", kernel])
            let verdict = try await Project.bootimage("inspect", kernel)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            #expect(verdict.says("the file has 314572800 bytes; at most 268435456 are searched"))
        }
    }

    @Test func `the settings that are printed can be read again`() async throws {
        try await withTemporaryFolder { folder in
            let printed = try await Project.bootimage.run(["config"], workingDirectory: folder)
            try write(printed.output.utf8, to: folder.appending("bootimage.toml"))
            let again = try await Project.bootimage.run(["config"], workingDirectory: folder)
            #expect(again.exitCode == 0, "\(again.text)")
            #expect(again.lines.count == printed.lines.count)
        }
    }
}
