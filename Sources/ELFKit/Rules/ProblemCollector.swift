/// Collects the rules that a kernel breaks: the first one ends the reading, or all are kept.
///
/// A file that cannot be read always ends the reading.
final class ProblemCollector {
    private let stopsAtFirst: Bool
    /// The problems that are kept, in the order in which they were found.
    private(set) var problems: [Problem] = []
    /// The number of problems by rule, including those that are not kept.
    private var counts: [ELFRule: Int] = [:]
    /// The number of problems found so far.
    private(set) var count = 0

    /// The maximum number of problems kept by rule: a table may have millions of bad entries.
    static let limitByRule = 20

    init(stopsAtFirst: Bool) { self.stopsAtFirst = stopsAtFirst }

    var isEmpty: Bool { problems.isEmpty }

    /// The number of problems that were not kept, by rule.
    var omittedCounts: [ELFRule: Int] {
        counts.mapValues { $0 - Self.limitByRule }.filter { $0.value > 0 }
    }

    /// Returns the value, or `nil` if it breaks a rule and the other rules should be checked too.
    @discardableResult
    func attempt<Result>(
        _ value: @autoclosure () throws(Problem) -> Result?
    ) throws(Problem) -> Result? {
        do {
            return try value()
        } catch {
            try report(error)
            return nil
        }
    }

    /// Keeps the problem or throws it.
    func report(_ problem: Problem) throws(Problem) {
        if stopsAtFirst || !problem.isRule { throw problem }
        count += 1
        counts[problem.rule, default: 0] += 1
        if counts[problem.rule, default: 0] <= Self.limitByRule { problems.append(problem) }
    }

    /// Keeps the problem or throws it, unless the condition holds.
    func expect(_ condition: Bool, _ problem: @autoclosure () -> Problem) throws(Problem) {
        if !condition { try report(problem()) }
    }
}
