import Foundation
import SystemPackage
import TestSupport
import Testing

/// The verdicts of `bootimage test` on guests that are really booted.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct VerdictTests {
    private static let expected: [(kernel: VerdictKernel, verdict: String, message: String)] = [
        (.pass, "passed", "passed"),
        (.fail, "failed", "failed: QEMU ended with status 35"),
        (
            .pageFault, "triple-fault",
            "page fault (#PF) reading 0x123456789000, which is not mapped"
        ),
        (.stackOverflow, "triple-fault", "the stack has overflowed"),
        (.largeFrames, "triple-fault", "the stack has overflowed"),
        (.undefined, "triple-fault", "triple fault: invalid opcode (#UD), at 0xffffffff8"),
        (.breakpoint, "triple-fault", "triple fault: breakpoint (#BP), at 0xffffffff8"),
        (.reset, "reset", "the guest reset the machine"),
        (.panicDevice, "guest-panic", "guest panic"),
        (.panicText, "guest-panic", "Kernel panic: nothing works"),
    ]

    @Test(arguments: Firmware.allCases)
    func `each ending has its verdict`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            var files: [String] = []
            for row in Self.expected { files.append(try await row.kernel.build(in: folder)) }
            let run = try await TestRun.of(files + ["--firmware", firmware.rawValue])
            for (kernel, verdict, message) in Self.expected {
                let result = try run.result(kernel.rawValue, on: firmware)
                let serial = result.serial.joined(separator: "\n")
                #expect(result.verdict == verdict, "\(result.message)\n\(serial)")
                #expect(result.message.contains(message), "\(serial)")
                #expect(result.pass == (verdict == "passed"))
                #expect(result.serial.contains("kernel: started"))
            }
            #expect(run.passed == 1 && run.failed == 9)
            let fault = try run.result("PAGE_FAULT", on: firmware)
            #expect(fault.function?.hasPrefix("read_the_void + 0x") == true)
        }
    }

    @Test(arguments: [(Firmware.bios, 30), (.uefi, 90)])
    func `a guest that hangs is ended in time, and where it hung is told`(
        _ firmware: Firmware, _ limit: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.hang.build(in: folder)
            let run = try await TestRun.of(
                [kernel, "--firmware", firmware.rawValue, "--timeout", "\(limit)"])
            let result = try run.result("HANG", on: firmware)
            #expect(result.verdict == "timed-out", "\(result.message)")
            #expect(result.function?.hasPrefix("_start + 0x") == true, "\(result.message)")
            // Without the limit, the guest would run for ever; a busy host is late to end it.
            #expect(result.milliseconds < (limit + 60) * 1000)
        }
    }

    @Test(.needs("llvm-symbolizer"), arguments: [SampleKernel.Shape.positionIndependent])
    func `the address of a kernel that was moved is found in its file`(
        _ shape: SampleKernel.Shape
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pageFault.build(in: folder, shape: shape)
            let run = try await TestRun.of([kernel, "--firmware", "bios"])
            let result = try run.result("PAGE_FAULT", on: .bios)
            #expect(result.function?.hasPrefix("read_the_void + 0x") == true, "\(result.message)")
            #expect(result.line?.hasPrefix("verdicts.c:") == true, "\(result.message)")
        }
    }

    @Test(arguments: Firmware.allCases)
    func `a disk without a loader is nothing to boot`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("empty.img")
            // A boot sector's signature makes it an image; SeaBIOS runs what is in front of it.
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let start: [UInt8] = firmware == .bios ? [0xCD, 0x18] : []
            bytes.replaceSubrange(0..<start.count, with: start)
            bytes.replaceSubrange(510..<512, with: [0x55, 0xAA])
            try Data(bytes).write(to: URL(filePath: image.string))
            let run = try await TestRun.of(
                [image.string, "--firmware", firmware.rawValue, "--timeout", "\(patience)"])
            let result = try run.result("empty", on: firmware)
            #expect(result.verdict == "nothing-to-boot", "\(result.message)")
            // The verdict did not wait for the time limit.
            #expect(result.milliseconds < (patience - 60) * 1000)
        }
    }

    @Test func `what the loader refuses has its own verdict`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pass.build(in: folder)
            try await Project.bootimage.succeed(["build", kernel, "--firmware", "bios", "--quiet"])
            let image = folder.appending("bootimage-PASS.bios.img")
            let file = try FileHandle(forUpdating: URL(filePath: image.string))
            try file.seek(toOffset: 1 << 20)
            try file.write(contentsOf: Array("NOTABOOT".utf8))
            try file.close()
            let run = try await TestRun.of([image.string, "--timeout", "\(patience)"])
            let result = try run.result("bootimage-PASS.bios", on: .bios)
            #expect(result.verdict == "loader-refused", "\(result.message)")
            #expect(result.message.contains("payload: not a bootimage payload"))
            #expect(result.milliseconds < (patience - 60) * 1000)
        }
    }

    @Test func `a file that is no kernel does not keep the others from their verdicts`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pass.build(in: folder)
            let bad = folder.appending("bad.elf")
            try Data("text".utf8).write(to: URL(filePath: bad.string))
            let run = try await TestRun.of([bad.string, kernel, "--firmware", "bios"])
            #expect(try run.result("bad", on: .bios).verdict == "loader-refused")
            #expect(try run.result("PASS", on: .bios).pass)
        }
    }

    @Test func `a kernel's own tests are told, and what ended them`() async throws {
        try await withTemporaryFolder { folder in
            var files: [String] = []
            for name in ["PASSING", "FAILING", "FAULTING"] {
                let built = try await SampleKernel(
                    source: "tests.c", shape: .positionIndependent, definitions: [name],
                    hasDebugInfo: true
                ).build(in: folder)
                files.append(folder.appending(name).string)
                try FileManager.default.moveItem(
                    atPath: built.string, toPath: files[files.count - 1])
            }
            let run = try await TestRun.of(files + ["--firmware", "bios"])
            let passing = try run.result("PASSING", on: .bios)
            #expect(passing.pass && passing.tests.map(\.outcome) == ["passed", "passed"])
            let failing = try run.result("FAILING", on: .bios)
            #expect(failing.verdict == "tests-failed" && failing.tests.count == 5)
            #expect(failing.tests[1].remarks.first?.contains("one + one == 3") == true)
            let faulting = try run.result("FAULTING", on: .bios)
            #expect(faulting.verdict == "guest-panic", "\(faulting.message)")
            #expect(faulting.message.contains("while running “reads_where_nothing_is_mapped”"))
            #expect(
                faulting.function?.hasPrefix("kernel_test_body_reads_where_nothing") == true,
                "\(faulting.message)")
        }
    }

    @Test func `QEMU's own failure is none of the guest's`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pass.build(in: folder)
            let run = try await TestRun.of(
                [kernel, "--firmware", "bios", "--", "-device", "flux-capacitor"])
            let result = try run.result("PASS", on: .bios)
            #expect(result.verdict == "qemu-failed")
            #expect(result.message.contains("flux-capacitor"), "\(result.message)")
        }
    }

    @Test(arguments: [
        (VerdictKernel.panicText, "panic", true), (.pass, "panic", false),
        (.reset, "reset", true), (.stackOverflow, "reset", true), (.pass, "reset", false),
        (.fail, "exit=35", true), (.pass, "exit=33", true), (.pass, "exit=35", false),
        // QEMU ends with 0 then, too.
        (.reset, "exit=0", false),
    ])
    func `what is expected is what passes`(
        _ kernel: VerdictKernel, _ expectation: String, _ passes: Bool
    ) async throws {
        try await withTemporaryFolder { folder in
            let file = try await kernel.build(in: folder)
            let run = try await TestRun.of(
                [file, "--firmware", "bios", "--expect", expectation])
            let result = try #require(run.results.first)
            #expect(result.pass == passes, "\(result.message)")
        }
    }

    @Test func `a kernel that passes does so a hundred times`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pass.build(in: folder)
            var files: [String] = []
            for number in 1...100 {
                let copy = folder.appending("pass-\(number)").string
                try FileManager.default.copyItem(atPath: kernel, toPath: copy)
                files.append(copy)
            }
            // Four guests on each core, and whatever other tests run meanwhile.
            let run = try await TestRun.of(files + ["--firmware", "bios", "--jobs", "8"])
            print("100 runs under load: passed \(run.passed), failed \(run.failed)")
            #expect(run.passed == 100 && run.failed == 0)
        }
    }
}
