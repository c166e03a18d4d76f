import ELFKit
import HostSystem
import Testing

@testable import GuestKit

/// What `run` explains, from the guest's output and QEMU's messages.
struct RunVerdictTests {
    private static func evidence(
        _ messages: [String] = [], log: [String] = [], serial: [String] = [],
        interval: Duration = .seconds(5)
    ) throws -> Evidence {
        var evidence = Evidence()
        evidence.ending = nil
        evidence.take(try #require(MachineMessage(#"{"event": "RESUME"}"#)))
        for (index, text) in messages.enumerated() {
            evidence.take(try #require(MachineMessage(text)), at: interval * (index + 1))
        }
        for line in log { evidence.takeLogLine(line) }
        for line in serial { evidence.takeSerial(line, at: .zero) }
        return evidence
    }

    private static let reset =
        #"{"event": "RESET", "data": {"guest": true, "reason": "guest-reset"}}"#

    @Test(
        arguments: [
            ([], ["Triple fault"], [], .tripleFault(nil)),
            ([], [], ["bootimage: kernel: not for x86-64"], .refused("kernel: not for x86-64")),
            (.init(repeating: reset, count: 5), [], [], .reset),
            (.init(repeating: reset, count: 4), [], [], nil),
            ([], [], ["hello"], nil),
        ] as [([String], [String], [String], Verdict?)])
    func `an endless guest is explained`(
        _ messages: [String], _ log: [String], _ serial: [String], _ verdict: Verdict?
    ) throws {
        let evidence = try Self.evidence(messages, log: log, serial: serial)
        #expect(Verdict(explaining: evidence, on: .x86_64) == verdict)
    }

    @Test func `reboots with minutes between them are no loop`() throws {
        let resets = [String](repeating: Self.reset, count: 9)
        let evidence = try Self.evidence(resets, interval: .seconds(90))
        #expect(Verdict(explaining: evidence, on: .x86_64) == nil)
    }

    @Test func `a success with a failed test is explained`() throws {
        var evidence = try Self.evidence(serial: ["KTAP version 1", "1..1", "not ok 1 a"])
        evidence.ending = .status(33)
        #expect(
            Verdict(explaining: evidence, on: .x86_64) == .testsFailed("1 of 1 tests"))
    }

    @Test(arguments: [
        ("EIP=0 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1", true),
        ("RFL=00000246 [---Z-P-] HLT=1", false), ("RFL=00000046 [---Z-P-] HLT=0", false),
        ("CPU#0 RFL=46 HLT=1\r\nCPU#1 RFL=2 HLT=0", false),
        ("CPU#0 RFL=46 HLT=1\r\nCPU#1 EFL=2 HLT=1", true), ("PC=0 X30=0", false), ("", false),
    ])
    func `a processor halts if it waits for interrupts that it has disabled`(
        _ registers: String, _ expected: Bool
    ) {
        #expect(isHalted(registers: registers) == expected)
    }

    @Test(arguments: [
        (
            ["panicked at src/main.rs:5:9:", "no frames left", "x"],
            "panicked at src/main.rs:5:9: no frames left"
        ),
        (["panicked at 'old', src/main.rs:5:9", "x"], "panicked at 'old', src/main.rs:5:9"),
        (["PANIC: panicked at a.rs:1:1:", "", "text"], "PANIC: panicked at a.rs:1:1: text"),
        (["Kernel panic: out of memory:", "x"], "Kernel panic: out of memory:"),
    ])
    func `Rust's panic message is on the next line`(_ lines: [String], _ text: String) throws {
        let evidence = try Self.evidence(serial: lines)
        #expect(evidence.panicText == text)
    }

    @Test(
        arguments: [
            ("_ZN4core9panicking5panic17h0123456789abcdefE", "core::panicking::panic"),
            (
                "_ZN56_$LT$kernel..Frames$u20$as$u20$core..ops..drop..Drop$GT$"
                    + "4drop17h0123456789abcdefE",
                "<kernel::Frames as core::ops::drop::Drop>::drop"
            ),
            ("_ZN6kernel4mainE", nil), ("_ZN99kernelE", nil), ("main", nil), ("_ZN", nil),
            ("_ZN99999999999999999999a17h0123456789abcdefE", nil),
        ] as [(String, String?)])
    func `Rust's names are demangled`(_ symbol: String, _ name: String?) {
        #expect(RustName(symbol)?.text == name)
    }
}
