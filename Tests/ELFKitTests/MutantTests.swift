import ELFKit
import ELFVerdict
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels changed by structure, by the thousand: ELFKit agrees with a second opinion on each.
@Suite("Mutants")
struct MutantTests {
    private static let batchCount: UInt64 = 1000

    /// How many to try; a variable asks for more than the usual number.
    private static let count =
        ProcessInfo.processInfo.environment["MUTANTS"].flatMap { UInt64($0) } ?? 10_000

    @Test func seedsAreLoaded() throws {
        for seed in MutantSeed.all {
            #expect(Verdict(on: seed.file).brokenRules == [], "\(seed.name)")
            #expect(throws: Never.self, "\(seed.name)") { try load(seed.file) }
        }
    }

    /// Each batch is a process of its own, so that a crash or a hang is counted like the rest.
    @Test func agreement() async throws {
        try await withTemporaryFolder { folder in
            var sum = MutantReport()
            var next: UInt64 = 0
            while next < Self.count {
                let place = folder.appending("\(next)").string
                try FileManager.default.createDirectory(
                    atPath: place, withIntermediateDirectories: false)
                let batch = MutantBatch(
                    numbers: next..<min(next + Self.batchCount, Self.count), folder: place)
                await #expect(processExitsWith: .success) { [batch = batch as MutantBatch] in
                    try batch.run()
                }
                let outcome = try batch.outcome()
                sum.add(outcome.report)
                next = outcome.next
            }
            print(sum)
            #expect(sum.isClean, "\(sum)")
            #expect(sum.count == Self.count)
            // Much may be changed without harm, and nearly each rule is broken by some mutant.
            #expect(sum.loadedCount > Self.count / 10 && sum.loadedCount < Self.count / 2)
            #expect(sum.refusals.count >= 40, "\(sum.refusals)")
        }
    }
}
