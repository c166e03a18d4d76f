import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Boots what a plan says, several guests at a time, and judges each.
struct TestRunner {
    /// What happens to a boot; the number is its place in the plan.
    enum Event {
        case started(Int, attempt: Int)
        case finished(Int, TestResult)
        /// Nothing but that time goes by.
        case tick
    }

    /// A guest, and which boot of the plan it is.
    private struct Running {
        let boot: Int
        let attempt: Int
        let guest: ObservedGuest
    }

    /// How many guests a machine runs at a time without one waiting for another.
    static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// How often a table that shows time is drawn anew.
    private static let tick = Duration.milliseconds(100)

    private let plan: TestPlan
    /// Makes the image of a boot, by its number, and says what boots it.
    private let command: (Int) throws(Failure) -> GuestCommand
    /// Opens what shall get every byte of a boot's serial line, if anything shall.
    private let record: (Int) throws(Failure) -> FileDescriptor?
    private let report: (Event) throws(Failure) -> Void
    private var waiting: [(boot: Int, attempt: Int)]
    private var running: [Running] = []
    private var results: [Int: TestResult] = [:]

    init(
        _ plan: TestPlan, command: @escaping (Int) throws(Failure) -> GuestCommand,
        record: @escaping (Int) throws(Failure) -> FileDescriptor?,
        report: @escaping (Event) throws(Failure) -> Void
    ) {
        (self.plan, self.command, self.record, self.report) = (plan, command, record, report)
        waiting = plan.boots.indices.map { ($0, 1) }
    }

    /// Runs all of it.
    ///
    /// - Returns: The results in the plan's order, or the signal that asked this process to end.
    mutating func run() throws(Failure) -> Result<[TestResult], InterruptedError> {
        let watch = GuestWatch()
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < plan.jobs, !waiting.isEmpty {
                try start(waiting.removeFirst(), watch.signals)
            }
            watch.wait(for: running.map(\.guest), atMost: Self.tick)
            if let number = watch.request() { return .failure(interrupt(by: number)) }
            for entry in running {
                if entry.guest.evidence.isFinal { entry.guest.end(.stopped) }
                entry.guest.attend()
            }
            try collect()
            try report(.tick)
        }
        return .success(plan.boots.indices.compactMap { results[$0] })
    }

    private mutating func start(
        _ next: (boot: Int, attempt: Int), _ signals: borrowing BlockedSignals
    ) throws(Failure) {
        try report(.started(next.boot, attempt: next.attempt))
        let command: GuestCommand
        do throws(Failure) { command = try self.command(next.boot) } catch {
            // A kernel that is no good is a verdict; a tool or a disk that is not there is not.
            guard error.status == .badInput else { throw error }
            return try finish(next.boot, .refused(error.message), Evidence(), next.attempt, .zero)
        }
        let record = try record(next.boot)
        do throws(Errno) {
            let guest = try ObservedGuest(
                command, signals: signals, limit: plan.limit, record: record)
            running.append(Running(boot: next.boot, attempt: next.attempt, guest: guest))
        } catch {
            throw Failure(.missingTool, "\(command.program): cannot be started: \(error)")
        }
    }

    /// Judges the guests that are over, and lets those that failed try again if they may.
    private mutating func collect() throws(Failure) {
        let over = running.filter(\.guest.isOver)
        running.removeAll(where: \.guest.isOver)
        for entry in over {
            let evidence = entry.guest.evidence
            let usual = SuccessStatus.usual(on: plan.boots[entry.boot].architecture)
            let verdict = Verdict(evidence, success: plan.success ?? usual)
            try finish(entry.boot, verdict, evidence, entry.attempt, entry.guest.age)
        }
    }

    private mutating func finish(
        _ index: Int, _ verdict: Verdict, _ evidence: Evidence, _ attempt: Int, _ age: Duration
    ) throws(Failure) {
        let boot = plan.boots[index]
        let isPass = verdict.meets(plan.expectation, evidence)
        if !isPass, attempt <= plan.retries {
            return waiting.insert((index, attempt + 1), at: 0)
        }
        let places = evidence.addresses(for: verdict).map {
            CodePlace($0, in: boot.file, movedBy: evidence.slide)
        }
        let exception = verdict == .timedOut ? evidence.exceptions.root : nil
        let exceptionPlace = exception.map {
            CodePlace($0.address, in: boot.file, movedBy: evidence.slide)
        }
        let result = TestResult(
            boot: boot, verdict: verdict, expectation: plan.expectation, isPass: isPass,
            attempts: attempt, duration: age, evidence: evidence,
            place: places.first { $0.function != nil } ?? places.first,
            exceptionPlace: exceptionPlace)
        results[index] = result
        try report(.finished(index, result))
    }

    /// Ends every guest at once: whoever asks does not want to wait.
    private func interrupt(by number: Int32) -> InterruptedError {
        for entry in running { entry.guest.endAtOnce() }
        return InterruptedError(signal: number)
    }
}
