import ELFKit
import ELFVerdict
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ELFSamples

/// Thousands of changed kernels, on each of which ELFKit and ELFVerdict must agree.
@Suite("Mutants")
struct MutantTests {
    private static let batchCount: UInt64 = 1000

    /// The number of mutants; the environment variable overrides the default.
    private static let count =
        ProcessInfo.processInfo.environment["MUTANTS"].flatMap { UInt64($0) } ?? 10_000

    @Test func `seeds can be loaded`() throws {
        for seed in MutantSeed.all {
            #expect(Verdict(on: seed.file).brokenRules == [], "\(seed.name)")
            #expect(throws: Never.self, "\(seed.name)") { try load(seed.file) }
        }
    }

    @Test func `seeds of other protocols can be loaded`() throws {
        for seed in MutantSeed.Family.protocols.seeds {
            #expect(throws: Never.self, "\(seed.name)") { try load(seed.file) }
        }
    }

    @Test func `ELFKit and ELFVerdict agree on mutants`() async throws {
        let sum = try await Self.report(on: .plain)
        #expect(sum.isClean, "\(sum)")
        #expect(sum.count == Self.count)
        // Many changes are harmless, and mutants break nearly every rule.
        #expect(sum.loadedCount > Self.count / 10 && sum.loadedCount < Self.count / 2)
        #expect(sum.refusals.count >= 40, "\(sum.refusals)")
    }

    @Test func `ELFKit and ELFVerdict agree on what mutants ask of boot protocols`() async throws {
        let sum = try await Self.report(on: .protocols)
        #expect(sum.isClean, "\(sum)")
        #expect(sum.count == Self.count)
        #expect(sum.loadedCount > Self.count / 10)
        #expect(sum.refusals.count >= 40, "\(sum.refusals)")
    }

    /// Each batch runs in its own process, so crashes and hangs are counted too.
    private static func report(on family: MutantSeed.Family) async throws -> MutantReport {
        var sum = MutantReport()
        try await withTemporaryFolder { folder in
            var next: UInt64 = 0
            while next < Self.count {
                let place = folder.appending("\(next)").string
                try FileManager.default.createDirectory(
                    atPath: place, withIntermediateDirectories: false)
                let batch = MutantBatch(
                    numbers: next..<min(next + Self.batchCount, Self.count), family: family,
                    folder: place)
                await #expect(processExitsWith: .success) { [batch = batch as MutantBatch] in
                    try batch.run()
                }
                let outcome = try batch.outcome()
                sum.add(outcome.report)
                next = outcome.next
            }
        }
        print(sum)
        return sum
    }
}
