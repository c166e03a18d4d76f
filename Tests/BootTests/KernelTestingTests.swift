import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels of tests say what docs/test-protocol.md promises, and end QEMU as it says.
@Suite(.needs("swiftc", "clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct KernelTestingTests {
    private func runSwift(_ definition: String, on firmware: Firmware = .bios) async throws
        -> KernelReport
    {
        try await withTemporaryFolder { folder in
            let kernel = try await SwiftSampleKernel(
                tests: "tests.swift", definitions: [definition]
            ).build(in: folder)
            return KernelReport(try await boot(kernel, on: firmware))
        }
    }

    private func runC(
        _ definition: String, shape: SampleKernel.Shape = .higherHalf
    ) async throws -> KernelReport {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "tests.c", shape: shape, definitions: [definition]
            ).build(in: folder)
            return KernelReport(try await boot(kernel, on: .bios))
        }
    }

    @Test(arguments: Firmware.allCases)
    func `tests in Swift pass`(_ firmware: Firmware) async throws {
        let report = try await runSwift("PASSING", on: firmware)
        #expect(
            report.lines == [
                "KTAP version 1", "1..2",
                "# begin adds", "ok 1 adds",
                "# begin finds memory", "ok 2 finds memory",
            ])
        #expect(report.exitCode == 33)
    }

    @Test func `tests in Swift say what failed and where, and go on`() async throws {
        let report = try await runSwift("FAILING")
        #expect(
            report.lines == [
                "KTAP version 1", "1..5",
                "# begin adds", "ok 1 adds",
                "# begin goes on after a failed check",
                "# expectation failed: one and one (Kernel/tests.swift:12)",
                "# expected 5, found 4 (Kernel/tests.swift:13)",
                "# expected 5, found -4: a sign (Kernel/tests.swift:14)",
                "# expected 0, found 18446744073709551615 (Kernel/tests.swift:15)",
                "not ok 2 goes on after a failed check",
                "# begin stops without a value",
                "# expected a value: a number (Kernel/tests.swift:18)",
                "not ok 3 stops without a value",
                "# begin fails before it is skipped",
                "# expectation failed (Kernel/tests.swift:22)",
                "not ok 4 fails before it is skipped",
                "# begin finds memory", "ok 5 finds memory",
            ])
        #expect(report.exitCode == 35)
    }

    @Test func `a test in Swift is skipped, and its name keeps to the rules`() async throws {
        let report = try await runSwift("SKIPPING")
        #expect(
            report.lines == [
                "KTAP version 1", "1..3",
                "# begin adds", "ok 1 adds",
                "# begin is for _1 hardware",
                "ok 2 is for _1 hardware # SKIP no such hardware",
                "# begin finds memory", "ok 3 finds memory",
            ])
        #expect(report.exitCode == 33)
    }

    @Test(arguments: [
        (
            "FAULTING", "reads where nothing is mapped",
            "exception 0xe (page fault), error code 0x0, at …, accessing 0x123456789000"
        ),
        (
            "TRAPPING", "breaks a promise",
            "exception 0x6 (invalid opcode), error code 0x0, at …"
        ),
        (
            "OVERFLOWING", "uses up the stack",
            "exception 0xe (page fault), error code 0x2, at …, accessing 0x8000000ff8"
        ),
        ("BAILING", "gives up", "no point in going on"),
    ])
    func `tests in Swift bail out`(
        _ definition: String, _ test: String, _ message: String
    ) async throws {
        try await runSwift(definition).expectBailOut(in: test, message, exitCode: 35)
    }

    @Test(arguments: SampleKernel.Shape.allCases)
    func `tests in C pass`(_ shape: SampleKernel.Shape) async throws {
        let report = try await runC("PASSING", shape: shape)
        #expect(
            report.lines == [
                "KTAP version 1", "1..2",
                "# begin adds", "ok 1 adds",
                "# begin subtracts", "ok 2 subtracts",
            ])
        #expect(report.exitCode == 33)
    }

    @Test func `tests in C say what failed and where, and go on`() async throws {
        let report = try await runC("FAILING")
        #expect(
            report.lines == [
                "KTAP version 1", "1..5",
                "# begin adds", "ok 1 adds",
                "# begin goes_on_after_a_failed_check",
                "# expectation failed: one + one == 3 (tests.c:10)",
                "# expected 5, found -4: one - 5 (tests.c:11)",
                "# expected 0, found 18446744073709551615: largest (tests.c:12)",
                "not ok 2 goes_on_after_a_failed_check",
                "# begin stops_at_a_requirement",
                "# requirement failed: one == 2 (tests.c:18)",
                "not ok 3 stops_at_a_requirement",
                "# begin fails_before_it_is_skipped",
                "# expectation failed: one == 2 (tests.c:24)",
                "not ok 4 fails_before_it_is_skipped",
                "# begin subtracts", "ok 5 subtracts",
            ])
        #expect(report.exitCode == 35)
    }

    @Test func `a test in C is skipped`() async throws {
        let report = try await runC("SKIPPING")
        #expect(
            report.lines == [
                "KTAP version 1", "1..3",
                "# begin adds", "ok 1 adds",
                "# begin is_for_other_hardware",
                "ok 2 is_for_other_hardware # SKIP no such hardware",
                "# begin subtracts", "ok 3 subtracts",
            ])
        #expect(report.exitCode == 33)
    }

    @Test(arguments: [
        (
            "FAULTING", "reads_where_nothing_is_mapped",
            "exception 0xe (page fault), error code 0x0, at …, accessing 0x123456789000"
        ),
        ("BAILING", "gives_up", "no point in going on"),
    ])
    func `tests in C bail out`(
        _ definition: String, _ test: String, _ message: String
    ) async throws {
        try await runC(definition).expectBailOut(in: test, message, exitCode: 35)
    }

    @Test(arguments: ["swift", "c"])
    func `the documentation's example passes`(_ language: String) async throws {
        let page = try String(
            contentsOf: URL(filePath: Project.root.appending("docs/test-protocol.md").string),
            encoding: .utf8)
        let start = try #require(page.range(of: "```\(language)\n")).upperBound
        let end = try #require(page[start...].range(of: "```")).lowerBound
        try await withTemporaryFolder { folder in
            let source = folder.appending("example.\(language)").string
            try Data(page[start..<end].utf8).write(to: URL(filePath: source))
            let kernel =
                language == "c"
                ? try await SampleKernel(source: source, shape: .higherHalf).build(in: folder)
                : try await SwiftSampleKernel(tests: source, definitions: []).build(in: folder)
            let report = KernelReport(try await boot(kernel, on: .bios))
            #expect(report.lines.count == 6, "\(report.lines)")
            #expect(report.exitCode == 33)
        }
    }
}
