import Foundation
import SystemPackage
import TestSupport
import Testing

/// What the example kernels of the bootimage crate show, with the same results.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct PeerExampleTests {
    private static let debugExit = "\"-device\", \"isa-debug-exit,iobase=0xf4,iosize=0x04\""

    private static func status(
        _ kernel: String, settings: String, in folder: FilePath
    ) async throws -> Int32 {
        let file = folder.appending("bootimage.toml").string
        try Data((settings + "headless = true\n").utf8).write(to: URL(filePath: file))
        return try await BootSlots.shared.run {
            try await Project.bootimage.run(["runner", kernel], workingDirectory: folder).exitCode
        }
    }

    @Test(arguments: [(51, 103), (54, 109), (16, 33)] as [(Int, Int32)])
    func `a normal run ends with QEMU's status`(_ code: Int, _ status: Int32) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.ending(with: code, in: folder)
            let settings = "run-args = [\(Self.debugExit)]\n"
            #expect(try await Self.status(kernel, settings: settings, in: folder) == status)
        }
    }

    /// The stack overflows, the machine resets, QEMU ends with 0, which is what is asked for.
    @Test(arguments: [(VerdictKernel.stackOverflow, 0), (.pass, 33)] as [(VerdictKernel, Int32)])
    func `a reset is success where 0 is said to be`(
        _ kernel: VerdictKernel, _ status: Int32
    ) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("fail-rebootTests").string
            let built = try await kernel.build(in: folder)
            try FileManager.default.moveItem(atPath: built, toPath: file)
            let settings = "test-success-exit-code = 0\ntest-args = [\(Self.debugExit)]\n"
            #expect(try await Self.status(file, settings: settings, in: folder) == status)
            let run = try await TestRun.of([file, "--firmware", "bios"], workingDirectory: folder)
            #expect(run.failed == (status == 0 ? 0 : 1))
        }
    }
}
