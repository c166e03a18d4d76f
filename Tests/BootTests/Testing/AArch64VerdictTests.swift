import SystemPackage
import TestSupport
import Testing

/// The verdicts of `bootimage test` on kernels for AArch64 that nobody's handlers save.
@Suite(.needs("clang", "ld.lld", "qemu-system-aarch64"))
struct AArch64VerdictTests {
    private struct Row: Sendable {
        let kernel: VerdictKernel
        /// The exception, and what became of it.
        let message: String
        let function: String
        var remark = ""
    }

    private static let rows = [
        Row(
            kernel: .pageFault,
            message: "data abort (ESR 0x96000004) reading 0x123456789000, which is not mapped",
            function: "read_the_void"),
        Row(
            kernel: .undefined, message: "undefined instruction (ESR 0x2000000)",
            function: "run_undefined"),
        Row(
            kernel: .callNothing,
            message: "instruction abort (ESR 0x86000006) fetching from 0x0, which is not mapped",
            function: "call_nothing"),
        Row(
            kernel: .stackOverflow, message: "data abort (ESR 0x96000047) writing 0x",
            function: "overflow", remark: "; the stack has overflowed"),
    ]
    /// Its handler takes more and more of what is below the stack, which must not be the kernel.
    private static let faultyHandler = Row(
        kernel: .faultyHandler, message: "data abort (ESR 0x96000047) writing 0x",
        function: "overflow", remark: "; the stack has overflowed")

    /// Firmware at EL1, whose vectors the kernel inherits, and at EL2, where it has none.
    @Test(
        .needs("llvm-symbolizer"),
        arguments: [
            (SampleKernel.Shape.higherHalf, "off"), (.positionIndependent, "on"),
        ])
    func `an exception without a handler ends a guest at once, and is told`(
        _ shape: SampleKernel.Shape, _ virtualization: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let rows = Self.rows + (shape == .higherHalf ? [Self.faultyHandler] : [])
            var files: [String] = []
            for row in rows {
                files.append(
                    try await row.kernel.build(in: folder, shape: shape, processor: .arm))
            }
            let run = try await TestRun.of(
                files + [
                    "--timeout", "\(patience)", "--", "-machine",
                    "virtualization=\(virtualization)",
                ])
            for row in rows {
                let result = try run.result(row.kernel.rawValue, on: .uefi)
                #expect(result.verdict == "unhandled-exception", "\(result.message)")
                #expect(result.message.hasPrefix("unhandled exception: \(row.message)"))
                #expect(
                    result.function?.hasPrefix("\(row.function) + 0x") == true,
                    "\(result.message)")
                #expect(result.line?.hasPrefix("verdicts.c:") == true, "\(result.message)")
                #expect(result.message.hasSuffix(row.remark), "\(result.message)")
                #expect(result.serial.contains("kernel: started"))
                // The verdict did not wait for the time limit.
                #expect(result.milliseconds < (patience - 60) * 1000)
            }
        }
    }

    @Test func `an exception that is not returned from is told when the time is over`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.stuckHandler.build(in: folder, processor: .arm)
            let run = try await TestRun.of([kernel, "--timeout", "90"])
            let result = try run.result("STUCK_HANDLER", on: .uefi)
            #expect(result.verdict == "timed-out", "\(result.message)")
            #expect(
                result.function?.hasPrefix("on_exception + 0x") == true, "\(result.message)")
            #expect(
                result.message.contains("; no return from data abort (ESR 0x96000004) reading 0x"))
            #expect(result.message.contains(" in read_the_void + 0x"), "\(result.message)")
        }
    }
}
