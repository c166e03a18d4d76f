import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `bootimage runner` as a build tool calls it.
@Suite(.needs("clang", "ld.lld"))
struct RunnerCommandTests {
    @Test(arguments: [0, 1, 33, 35, 100] as [Int32])
    func `QEMU's exit code is the runner's`(_ code: Int32) async throws {
        try await withKernelAndQEMU(ending: "exit \(code)") { _, kernel, qemu in
            let verdict = try await qemu.run(["runner", kernel])
            #expect(verdict.exitCode == code)
            #expect(verdict.error == "")
        }
    }

    @Test(arguments: [("TERM", 143), ("KILL", 137), ("SEGV", 139)])
    func `a signal that ends QEMU is an exit code of the runner's`(
        _ signal: String, _ code: Int32
    ) async throws {
        try await withKernelAndQEMU(ending: "kill -\(signal) $$") { _, kernel, qemu in
            let verdict = try await qemu.run(["runner", kernel])
            #expect(verdict.exitCode == code)
        }
    }

    @Test(arguments: [
        ["-m", "1G"], ["--firmware", "uefi"], ["a b", "", "$HOME", "*", "it's"], ["--help"],
        ["--version"], ["-h"], ["word", "-x"],
    ])
    func `what follows the kernel goes to QEMU as it is`(_ arguments: [String]) async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            let verdict = try await qemu.run(["runner", kernel] + arguments)
            #expect(verdict.exitCode == 0)
            let words = verdict.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(words.dropLast().suffix(arguments.count) == arguments.map { $0[...] }[...])
            #expect(verdict.says("bootimage-kernel.bios.img"))
        }
    }

    @Test(arguments: [
        (option: [], variable: "", firmware: "bios"),
        (option: [], variable: "uefi", firmware: "uefi"),
        (option: ["--firmware", "uefi"], variable: "", firmware: "uefi"),
        (option: ["--firmware", "bios"], variable: "uefi", firmware: "bios"),
    ])
    func `the option counts before the variable`(
        option: [String], variable: String, firmware: String
    ) async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let verdict = try await qemu.run(
                ["runner"] + option + [kernel], environment: ["BOOTIMAGE_FIRMWARE": variable])
            let image = "bootimage-kernel.\(firmware).img"
            #expect(verdict.says("file.filename=\(folder)/\(image)\n"), "\(verdict.text)")
            #expect(verdict.says("file.filename=/f/code.fd\n") == (firmware == "uefi"))
            #expect(try names(in: folder) == [image, "kernel.elf"])
            #expect(try names(in: qemu.home) == [])
        }
    }

    @Test func `a firmware that there is not is the user's mistake`() async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            try await qemu.run(["runner", kernel], environment: ["BOOTIMAGE_FIRMWARE": "coreboot"])
                .expectRefusal(64, saying: "BOOTIMAGE_FIRMWARE is “coreboot”")
        }
    }

    @Test func `without QEMU it says how to get it`() async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            try await qemu.run(["runner", kernel], environment: ["PATH": "/none"])
                .expectRefusal(69, saying: "apt install qemu-system-x86")
        }
    }

    @Test func `a bad kernel starts nothing`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            try write("text".utf8, to: FilePath(kernel))
            try await qemu.run(["runner", kernel]).expectRefusal(65, saying: kernel)
            try await qemu.run(["runner", kernel + "s"]).expectRefusal(66, saying: kernel + "s")
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }
}
