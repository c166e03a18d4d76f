import ELFSamples
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels of Limine, Multiboot2 and Multiboot with some structures changed, which the loader must
/// start or refuse with a line: never a hang, never a reset.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "qemu-system-aarch64"))
struct MutatedKernelTests {
    /// The number of boots; the environment variable overrides the default.
    private static let count =
        ProcessInfo.processInfo.environment["BOOTED_MUTANTS"].flatMap { UInt64($0) } ?? 24
    private static let batchCount: UInt64 = 24

    @Test func `the loader starts a mutant or prints a line`() async throws {
        try await withTemporaryFolder { folder in
            let seeds = try await MutantBoot.seeds(in: folder)
            var sum = MutantBoot.Report()
            for first in stride(from: 0, to: Self.count, by: UInt64.Stride(Self.batchCount)) {
                let boots = (first..<min(first + Self.batchCount, Self.count)).map {
                    MutantBoot(number: $0, of: seeds)
                }
                sum.add(try await MutantBoot.outcomes(of: boots, in: folder))
            }
            print(sum)
            #expect(sum.count == Self.count && sum.defectCount == 0, "\(sum)")
            #expect(sum.startedCount > Self.count / 4, "\(sum)")
            #expect(sum.refusals.count > 3, "\(sum)")
        }
    }
}
