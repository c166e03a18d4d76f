@testable import ELFSamples

/// The results of loading some mutants.
struct MutantReport: Codable, CustomStringConvertible {
    var count: UInt64 = 0
    var crashes = 0
    var hangs = 0
    var disagreements = 0
    var loadedCount: UInt64 = 0
    /// The number of refused mutants by rule.
    var refusals: [String: Int] = [:]

    var isClean: Bool { crashes == 0 && hangs == 0 && disagreements == 0 }

    mutating func add(_ other: MutantReport) {
        count += other.count
        crashes += other.crashes
        hangs += other.hangs
        disagreements += other.disagreements
        loadedCount += other.loadedCount
        refusals.merge(other.refusals, uniquingKeysWith: +)
    }

    var description: String {
        "mutants \(count), crashes \(crashes), hangs \(hangs), disagreements \(disagreements) "
            + "(loaded \(loadedCount), refused by \(refusals.count) rules)"
    }
}
