import GuestKit

/// Prints results as they arrive and, on a terminal, the running guests below them.
struct LiveTable {
    /// Faster updates are not visible.
    private static let interval = Duration.milliseconds(100)
    /// The smallest terminal: wrapped or scrolled lines could not be drawn over.
    private static let (columnLimit, rowLimit) = (79, 20)

    private let titles: [String]
    private let isTerminal: Bool
    private let hasColors: Bool
    private var running: [(boot: Int, attempt: Int, start: ContinuousClock.Instant)] = []
    private var drawnCount = 0
    private var nextDrawing = ContinuousClock.now

    init(_ plan: TestPlan, isTerminal: Bool, hasColors: Bool) {
        titles = plan.boots.map(TestText.title)
        (self.isTerminal, self.hasColors) = (isTerminal, hasColors)
    }

    mutating func take(_ event: TestRunner.Event) throws(Failure) {
        switch event {
        case .started(let boot, let attempt):
            running.removeAll { $0.boot == boot }
            running.append((boot, attempt, .now))
        case .finished(let boot, let result):
            running.removeAll { $0.boot == boot }
            try erase()
            for line in TestText.lines(result, hasColors: hasColors) { try Console.print(line) }
        case .tick: if nextDrawing > .now { return }
        }
        if isTerminal { try draw() }
    }

    /// Erases the lines that were drawn (ECMA-48: CPL, ED).
    private mutating func erase() throws(Failure) {
        if drawnCount > 0 { try Console.print("\u{1B}[\(drawnCount)F\u{1B}[J", end: "") }
        drawnCount = 0
    }

    private mutating func draw() throws(Failure) {
        try erase()
        nextDrawing = .now + Self.interval
        for entry in running.prefix(Self.rowLimit) {
            let attempt = entry.attempt > 1 ? "  attempt \(entry.attempt)" : ""
            let age = TestText.seconds(.now - entry.start)
            let line = "…       \(Console.oneLine(titles[entry.boot]))  \(age)\(attempt)"
            try Console.print(String(line.prefix(Self.columnLimit)))
        }
        drawnCount = min(running.count, Self.rowLimit)
    }
}
