import SystemPackage
import TestSupport
import Testing

/// Kernels on the package's libraries, built from the same sources as for x86-64.
@Suite(.needs("swiftc", "clang", "ld.lld", "qemu-system-aarch64", "timeout"))
struct AArch64KernelTests {
    @Test func `a configured Swift kernel gets what it wants`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SwiftSampleKernel(source: "contract.swift", processor: .arm)
                .build(in: folder)
            let result = try await VirtMachine().boot(kernel, qemu: ["-smp", "3"])
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    /// All but the one that wants memory below 1 MiB, where the machine has none.
    private static let rows = SuiteTests.rows.filter { $0.name != "LOWER_MEMORY_FREE" }

    @Test(arguments: rows)
    func `a kernel finds what its suite asserts`(_ row: SuiteTests.Row) async throws {
        try await withTemporaryFolder { folder in
            let result = try await VirtMachine().boot(
                SuiteTests.kernel(row, for: .arm, in: folder),
                options: SuiteTests.options(row, in: folder))
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test func `tests in Swift pass`() async throws {
        let report = try await runSwift("PASSING")
        #expect(
            report.lines == [
                "KTAP version 1", "1..2",
                "# begin adds", "ok 1 adds",
                "# begin finds memory", "ok 2 finds memory",
            ])
        #expect(report.exitCode == 0)
    }

    @Test(arguments: [
        (
            "FAULTING", "reads where nothing is mapped",
            "exception 0x25 (data abort), syndrome 0x96000004, at …, accessing 0x123456789000"
        ),
        (
            "TRAPPING", "breaks a promise",
            "exception 0x3c (BRK instruction), syndrome 0xf2000001, at …"
        ),
        (
            "OVERFLOWING", "uses up the stack",
            "exception 0x25 (data abort), syndrome 0x96000047, at …, accessing 0x8000000ff0"
        ),
        ("BAILING", "gives up", "no point in going on"),
    ])
    func `tests in Swift bail out`(
        _ definition: String, _ test: String, _ message: String
    ) async throws {
        try await runSwift(definition).expectBailOut(in: test, message, exitCode: 1)
    }

    @Test(arguments: SampleKernel.Shape.usual)
    func `tests in C bail out`(_ shape: SampleKernel.Shape) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "tests.c", shape: shape, definitions: ["FAULTING"], processor: .arm
            ).build(in: folder)
            try await KernelReport(VirtMachine().boot(kernel)).expectBailOut(
                in: "reads_where_nothing_is_mapped",
                "exception 0x25 (data abort), syndrome 0x96000004, at …, accessing 0x123456789000",
                exitCode: 1)
        }
    }

    private func runSwift(_ definition: String) async throws -> KernelReport {
        try await withTemporaryFolder { folder in
            let kernel = try await SwiftSampleKernel(
                tests: "tests.swift", definitions: [definition], processor: .arm
            ).build(in: folder)
            return KernelReport(try await VirtMachine().boot(kernel))
        }
    }
}
