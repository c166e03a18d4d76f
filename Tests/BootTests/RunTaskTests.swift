import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `run` does beside running: a picture of the screen, a way in for a debugger.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "gdb"))
struct RunTaskTests {
    private static let pngStart: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    /// Runs a guest that never ends.
    private static func run(_ arguments: [String]) async throws -> Tool.Verdict {
        try await BootSlots.shared.run {
            try await Project.bootimage.run(["run", "--headless"] + arguments)
        }
    }

    @Test(arguments: [
        (["--screenshot-at", "kernel: started"], ""), (["--screenshot-after", "0.5"], ""),
        (["--screenshot-at", "never said"], "no serial line contained “never said”\n"),
    ])
    func `a picture is taken when its moment has come, or at the end`(
        _ moment: [String], _ warning: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.hang.build(in: folder)
            // A comma and a quote are nothing to QEMU.
            let picture = folder.appending("a, \"picture\".png").string
            let verdict = try await Self.run(
                [kernel, "--screenshot", picture, "--timeout", "20"] + moment)
            #expect(verdict.exitCode == 124, "\(verdict.text)")
            #expect(verdict.output.contains("kernel: started"))
            let text = warning.isEmpty ? "warning: " : warning
            #expect(verdict.error.contains(text) == !warning.isEmpty, "\(verdict.text)")
            let bytes = FileManager.default.contents(atPath: picture)
            #expect(bytes?.starts(with: Self.pngStart) == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(!names.contains { $0.hasSuffix(".part") })
        }
    }

    @Test(
        arguments: [
            (.pass, [], 33), (.fail, [], 35), (.reset, ["--", "-no-reboot"], 0),
            (.panicDevice, [], 0),
        ] as [(VerdictKernel, [String], Int32)])
    func `a guest that ends at once leaves a picture and its status`(
        _ ending: VerdictKernel, _ options: [String], _ status: Int32
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await ending.build(in: folder)
            let picture = folder.appending("picture.png").string
            let verdict = try await Self.run(
                [kernel, "--screenshot", picture, "--timeout", "\(patience)"] + options)
            #expect(verdict.exitCode == status, "\(verdict.text)")
            let bytes = try #require(FileManager.default.contents(atPath: picture))
            // The last chunk of a PNG: it is whole.
            #expect(
                bytes.starts(with: Self.pngStart) && bytes.suffix(8).prefix(4) == Data("IEND".utf8))
        }
    }

    @Test func `a picture that cannot be written is told`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.hang.build(in: folder)
            let picture = folder.appending("HANG.elf/picture.png").string
            let verdict = try await Self.run(
                [kernel, "--screenshot", picture, "--timeout", "20"]
                    + ["--screenshot-at", "kernel: started"])
            #expect(verdict.exitCode == 73, "\(verdict.text)")
            #expect(verdict.error.contains("\(kernel): cannot be written"), "\(verdict.text)")
        }
    }

    /// Also where the loader has moved the kernel, and at another place each time.
    @Test(
        arguments: [
            ("verdicts.c", SampleKernel.Shape.higherHalf, ["ENDING=HANG"]),
            ("verdicts.c", .positionIndependent, ["ENDING=HANG"]),
            ("mappings.c", .positionIndependent, ["ASLR=1"]),
        ], Firmware.allCases)
    func `gdb enters the kernel at its first instruction`(
        _ row: (source: String, shape: SampleKernel.Shape, definitions: [String]),
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: row.source, shape: row.shape, definitions: row.definitions,
                hasDebugInfo: true
            ).build(in: folder)
            // A guest and its debugger take one slot together.
            try await BootSlots.shared.run {
                try await Self.enter(kernel, on: firmware, in: folder)
            }
        }
    }

    @Test(.needs("gdb-multiarch", "qemu-system-aarch64"))
    func `gdb enters a kernel for AArch64`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .positionIndependent, definitions: ["CONFIGURED"],
                hasDebugInfo: true, processor: .arm
            ).build(in: folder)
            try await BootSlots.shared.run {
                try await Self.enter(kernel, with: "gdb-multiarch", on: .uefi, in: folder)
            }
        }
    }

    private static func enter(
        _ kernel: FilePath, with debugger: String = "gdb", on firmware: Firmware,
        in folder: FilePath
    ) async throws {
        let port = try freePort()
        async let guest = Project.bootimage.run([
            "run", kernel.string, "--headless", "--gdb", "--gdb-port", "\(port)",
            "--firmware", firmware.rawValue, "--timeout", "\(patience)",
        ])
        let script = folder.appending("bootimage-kernel.\(firmware.rawValue).gdb").string
        for _ in 0..<2000 where !FileManager.default.fileExists(atPath: script) {
            try await Task.sleep(for: .milliseconds(50))
        }
        let gdb = try await Tool(name: debugger).run([
            "-q", "-nx", "-batch", "-x", script, "-ex", "info symbol $pc", "-ex", "kill",
        ])
        let verdict = try await guest
        #expect(
            gdb.output.contains("\n_start in section .text"),
            "\(gdb.text)\n\(verdict.exitCode): \(verdict.text)")
        #expect(verdict.output.contains("bootimage: waiting for a debugger; entry point 0x"))
        #expect(verdict.error.contains(" \(debugger) -x \(script)"), "\(verdict.text)")
    }
}
