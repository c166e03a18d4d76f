import Foundation
import SystemPackage
import TestSupport
import Testing

/// How `run` and `runner` end, and what they say, on guests that are really booted.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct RunEndingTests {
    private static func run(
        _ kernel: VerdictKernel, named name: String? = nil, _ words: [String], in folder: FilePath
    ) async throws -> Tool.Verdict {
        let built = try await kernel.build(in: folder)
        let file = name.map { folder.appending($0).string } ?? built
        if file != built { try FileManager.default.moveItem(atPath: built, toPath: file) }
        return try await BootSlots.shared.run {
            try await Project.bootimage.run([words[0], file] + words.dropFirst())
        }
    }

    @Test(
        arguments: [
            (.pageFault, 1, "triple fault: page fault (#PF) reading 0x123456789000"),
            (.undefined, 1, "triple fault: invalid opcode (#UD)"),
            (.largeFrames, 1, "the stack has overflowed"),
            (.reset, 1, "the guest reset the machine again and again"),
            (.panicDevice, 0, "guest panic"),
            (.pass, 33, ""), (.fail, 35, ""),
        ] as [(VerdictKernel, Int32, String)])
    func `run ends by itself and explains`(
        _ kernel: VerdictKernel, _ status: Int32, _ text: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let words = ["run", "--headless", "--firmware", "bios", "--timeout", "\(patience)"]
            let verdict = try await Self.run(kernel, words, in: folder)
            #expect(verdict.exitCode == status, "\(verdict.text)")
            #expect(verdict.output.contains("kernel: started"))
            #expect(text.isEmpty ? verdict.error == "" : verdict.error.contains(text))
        }
    }

    @Test func `a guest that halts is reported`() async throws {
        try await withTemporaryFolder { folder in
            let words = ["run", "--headless", "--firmware", "bios", "--timeout", "30"]
            let verdict = try await Self.run(.hang, words, in: folder)
            #expect(verdict.exitCode == 124)
            #expect(
                verdict.error.contains(
                    "HANG.elf: the guest halted with interrupts disabled; Ctrl-C ends QEMU"),
                "\(verdict.text)")
        }
    }

    @Test(
        arguments: [
            (VerdictKernel.pass, 0), (.fail, 35), (.pageFault, 1), (.panicText, 35),
        ] as [(VerdictKernel, Int32)])
    func `a test needs no settings`(_ kernel: VerdictKernel, _ status: Int32) async throws {
        try await withTemporaryFolder { folder in
            let name = "\(kernel.rawValue)Tests"
            let verdict = try await Self.run(kernel, named: name, ["runner"], in: folder)
            #expect(verdict.exitCode == status, "\(verdict.text)")
        }
    }

    @Test func `without an exit device, a kernel does not end QEMU`() async throws {
        try await withTemporaryFolder { folder in
            let words = ["run", "--headless", "--no-exit-device", "--timeout", "20"]
            let verdict = try await Self.run(.pass, words, in: folder)
            #expect(verdict.exitCode == 124, "\(verdict.text)")
        }
    }

    @Test func `the loader's refusal ends a run`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pass.build(in: folder)
            try await Project.bootimage.succeed(["build", kernel, "--firmware", "bios", "--quiet"])
            let image = folder.appending("bootimage-PASS.bios.img")
            let file = try FileHandle(forUpdating: URL(filePath: image.string))
            try file.seek(toOffset: 1 << 20)
            try file.write(contentsOf: Array("NOTABOOT".utf8))
            try file.close()
            let verdict = try await BootSlots.shared.run {
                try await Project.bootimage.run(
                    ["run", image.string, "--headless", "--timeout", "\(patience)"])
            }
            #expect(verdict.exitCode == 1, "\(verdict.text)")
            #expect(verdict.error.contains("refused: payload: not a bootimage payload"))
        }
    }
}
