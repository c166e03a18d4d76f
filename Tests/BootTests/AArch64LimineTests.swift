import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels for the Limine boot protocol on AArch64.
@Suite(.needs("clang", "ld.lld", "qemu-system-aarch64", "timeout"))
struct AArch64LimineTests {
    @Test(arguments: [3, 6], [1, 4])
    func `a kernel finds processors, command line and module`(
        _ revision: Int, _ processorCount: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            let report = try await Self.report(
                revision, on: VirtMachine(), in: folder, options: ["--cpus", "\(processorCount)"])
            ProtocolKernel.limine.expectParameters(report.lines)
            report.expectARMProcessor()
            report.expectMemoryMap()
            let lines = report.lines
            lines.expect("mp count", UInt64(processorCount))
            for index in 1..<processorCount {
                lines.expect("cpu \(index) hardware id", UInt64(index))
                lines.expect("cpu \(index) argument", 0x1234 + UInt64(index))
                report.expectARMProcessor(
                    "cpu \(index) ", argument: lines.number("cpu \(index) info") ?? 0)
            }
        }
    }

    @Test(arguments: [3, 6])
    func `firmware at EL2 is left there by revision 6 only`(_ revision: Int) async throws {
        try await withTemporaryFolder { folder in
            let report = try await Self.report(
                revision, on: VirtMachine(processor: "max", properties: ["virtualization=on"]),
                in: folder)
            ProtocolKernel.limine.expectParameters(report.lines)
            report.expectARMProcessor(level: revision == 6 ? 2 : 1)
        }
    }

    private static func report(
        _ revision: Int, on machine: VirtMachine, in folder: FilePath, options: [String] = []
    ) async throws -> LimineReport {
        let kernel = try await SampleKernel(
            source: "limine.c", shape: .higherHalf, definitions: ["BASE_REVISION=\(revision)"],
            processor: .arm
        ).build(in: folder)
        let result = try await machine.boot(
            kernel, options: ProtocolKernel.parameters(in: folder) + options)
        return LimineReport(lines: try KernelLines(result), revision: revision)
    }
}
