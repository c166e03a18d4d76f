/// Takes each rule that a kernel breaks: the first one ends the reading, or all are kept.
///
/// What cannot be read ends the reading always.
final class ProblemCollector {
    private let stopsAtFirst: Bool
    /// In the order in which they were found.
    private(set) var problems: [ELFError.Problem] = []
    /// How many there are by each rule, also of those that were not kept.
    private var counts: [ELFRule: Int] = [:]

    /// Most problems that are kept by one rule: a table may have millions of bad entries.
    static let limitByRule = 20

    init(stopsAtFirst: Bool) { self.stopsAtFirst = stopsAtFirst }

    var isEmpty: Bool { problems.isEmpty }
    /// How many problems were found so far.
    private(set) var count = 0

    /// How many more there are than were kept, by rule.
    var omittedCounts: [ELFRule: Int] {
        counts.mapValues { $0 - Self.limitByRule }.filter { $0.value > 0 }
    }

    /// What a rule gives; `nil` if it is broken, and the others shall be tried as well.
    func attempt<Result>(
        _ rule: () throws(ELFError.Problem) -> Result
    ) throws(ELFError.Problem) -> Result? {
        do {
            return try rule()
        } catch {
            try report(error)
            return nil
        }
    }

    /// Keeps the problem, or throws it.
    func report(_ problem: ELFError.Problem) throws(ELFError.Problem) {
        if stopsAtFirst || !problem.isRule { throw problem }
        count += 1
        counts[problem.rule, default: 0] += 1
        if counts[problem.rule, default: 0] <= Self.limitByRule { problems.append(problem) }
    }

    /// Keeps the problem, or throws it, unless the condition holds.
    func expect(
        _ condition: Bool, _ problem: @autoclosure () -> ELFError.Problem
    ) throws(ELFError.Problem) {
        if !condition { try report(problem()) }
    }
}

extension ELFError.Problem {
    /// Whether a rule of the kernel is broken; otherwise its file could not be read.
    fileprivate var isRule: Bool {
        switch self {
        case .cannotOpen, .cannotRead, .shrankWhileRead, .notRegularFile: false
        case .header, .segment, .dynamic, .relocation, .configuration: true
        }
    }
}
