import ELFKit
import Foundation
import HostSystem
import SystemPackage
import TestSupport
import Testing

@testable import GuestKit

/// From a guest's output to its verdict.
struct EvidenceTests {
    @Test func `lines are split correctly, in pieces of any length`() {
        let text = Array("one\r\ntwo\u{1B}[2J\u{1B}[01;01H!\nth\tree".utf8)
        for size in 1...text.count {
            var reader = TerminalLines()
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: size) {
                text[start..<min(start + size, text.count)].withUnsafeBytes { bytes in
                    reader.take(bytes) { lines.append($0) }
                }
            }
            #expect(lines == ["one", "two!"])
            reader.finish { lines.append($0) }
            #expect(lines == ["one", "two!", "th\tree"])
        }
    }

    @Test func `a line without an end takes at most a page`() {
        var reader = TerminalLines()
        var lines: [String] = []
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
        for bytes in [[UInt8]](repeating: piece, count: 1000) + [[0x0A]] {
            bytes.withUnsafeBytes { reader.take($0) { lines.append($0) } }
        }
        #expect(lines.map(\.utf8.count) == [TerminalLines.byteLimit])
    }

    @Test func `the exception before the double fault is the cause of a triple fault`() {
        var log = FaultLog()
        let lines = [
            "check_exception old: 0xffffffff new 0xd",
            "     0: v=0d e=0010 i=0 cpl=0 IP=0008:0000000000001000 pc=0000000000001000 "
                + "SP=0010:0000000000008000 env->regs[R_EAX]=0000000000000000",
            "check_exception old: 0xffffffff new 0xe",
            "     1: v=0e e=0002 i=0 cpl=0 IP=0008:ffffffff80001000 pc=ffffffff80001000 "
                + "SP=0010:0000008000001000 CR2=0000008000000ff8",
            "check_exception old: 0xe new 0xd",
            "     2: v=08 e=0000 i=0 cpl=0 IP=0008:ffffffff80001000 pc=ffffffff80001000 "
                + "SP=0010:0000008000001000 env->regs[R_EAX]=0000000000000000",
            "check_exception old: 0x8 new 0xd", "Triple fault",
        ]
        lines.dropLast().forEach { log.take($0) }
        #expect(!log.hasTripleFault && log.tripleFault == nil)
        log.take("Triple fault")
        let fault = ProcessorFault(
            vector: 14, errorCode: 2, address: 0xFFFF_FFFF_8000_1000,
            accessedAddress: 0x80_0000_0FF8, stackPointer: 0x80_0000_1000)
        #expect(log.tripleFault == fault)
        #expect(fault.isStackOverflow(stackStart: nil))
        #expect(fault.cause == "page fault (#PF) writing 0x8000000ff8, which is not mapped")
    }

    @Test func `the loader's refusal is the verdict, and its other lines are not`() {
        var evidence = Evidence()
        evidence.ending = nil
        evidence.takeSerial("bootimage: kernel of 1808 bytes at 0xffbe000", at: .zero)
        evidence.takeSerial("bootimage: entry point 0x1000, moved by 0x20000", at: .zero)
        #expect(evidence.refusal == nil && evidence.slide == 0x20000)
        evidence.takeSerial(
            "bootimage: waiting for a debugger; entry point 0x1, moved by 0x2, until not 0: 0x3",
            at: .zero)
        #expect(evidence.loaderWait == LoaderWait(entry: 1, slide: 2, word: 3))
        evidence.takeSerial("bootimage: kernel: not for x86-64: 0xb7, allowed 0x3e", at: .zero)
        #expect(evidence.refusal == "kernel: not for x86-64: 0xb7, allowed 0x3e")
        #expect(
            Verdict(evidence, on: .x86_64)
                == .refused("kernel: not for x86-64: 0xb7, allowed 0x3e"))
    }

    @Test func `a fault of the loader ends the test at once`() {
        var evidence = Evidence()
        evidence.ending = nil
        evidence.takeSerial("bootimage: kernel of 1808 bytes at 0xffbe000", at: .zero)
        #expect(!evidence.isFinal)
        let fault = "exception 0x6, error code 0x0, at 0x7c21"
        evidence.takeSerial("bootimage: the loader failed: \(fault)", at: .zero)
        #expect(evidence.isFinal)
        let verdict = Verdict(evidence, on: .x86_64)
        #expect(verdict == .loaderFailed(fault) && verdict.name == "loader-failed")
        #expect(verdict.description == "loader failed: \(fault)")
    }

    @Test func `the list of the loader's refusals is complete`() throws {
        let path = Project.root.appending("Bootloader/Core/BootError.swift").string
        let source = try String(contentsOfFile: path, encoding: .utf8)
        let subjects = source.matches(of: /case \.\w+: "([^"]+)"/).map { String($0.1) }
        #expect(Set(subjects) == Set(Evidence.refusals) && subjects.count > 10)
    }

    @Test func `a success with failed tests is a failure`() throws {
        var evidence = Evidence()
        evidence.take(try #require(MachineMessage(#"{"event": "RESUME"}"#)))
        evidence.ending = .status(33)
        #expect(Verdict(evidence, on: .x86_64) == .passed)
        for line in ["KTAP version 1", "1..3", "ok 1 a", "not ok 2 b"] {
            evidence.takeSerial(line, at: .zero)
        }
        #expect(
            Verdict(evidence, on: .x86_64)
                == .testsFailed("1 of 3 tests, 1 of 3 never ended"))
    }

    @Test func `a reset passes only if 0 means success`() throws {
        var evidence = Evidence()
        evidence.take(try #require(MachineMessage(#"{"event": "RESUME"}"#)))
        let reset = #"{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}"#
        evidence.take(try #require(MachineMessage(reset)))
        #expect(Verdict(evidence, on: .x86_64) == .reset)
        #expect(Verdict(evidence, success: 0, on: .x86_64) == .passed)
        #expect(Verdict(evidence, on: .aarch64) == .reset)
    }
}
