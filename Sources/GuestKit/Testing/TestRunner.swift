package import SystemPackage

import HostSystem
import Libc

/// Boots a plan's guests, several at a time, and judges each.
package struct TestRunner {
    /// What happens to a boot; the number is its index in the plan.
    package enum Event {
        case started(Int, attempt: Int)
        case finished(Int, TestResult)
        case tick
    }

    /// The number of processors: how many guests run at full speed.
    package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// How much of a guest's serial output its record takes, in bytes.
    package static let recordLimit = 64 << 20

    private static let tick = Duration.milliseconds(100)

    /// The command that boots a guest, or why it cannot be booted.
    package enum Preparation {
        case ready(GuestCommand)
        case refused(String)
        /// A signal interrupted this process.
        case interrupted(by: Int32)
    }

    private let plan: TestPlan
    /// Writes the image of a boot, by its index in the plan.
    private let prepare: (Int) throws -> Preparation
    /// Opens the file that receives every byte of a boot's serial line, if there is one.
    private let record: (Int) throws -> FileDescriptor?
    private let report: (Event) throws -> Void
    private var waiting: [(boot: Int, attempt: Int)]
    private var running: [(boot: Int, attempt: Int, guest: ObservedGuest)] = []
    private var results: [Int: TestResult] = [:]

    package init(
        _ plan: TestPlan, prepare: @escaping (Int) throws -> Preparation,
        record: @escaping (Int) throws -> FileDescriptor?,
        report: @escaping (Event) throws -> Void
    ) {
        (self.plan, self.prepare, self.record, self.report) = (plan, prepare, record, report)
        waiting = plan.boots.indices.map { ($0, 1) }
    }

    /// Returns the results in the plan's order, also after a signal; throws ``GuestError``, and the
    /// closures' errors.
    package mutating func run() throws -> [TestResult] {
        let watch = GuestWatch()
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < plan.jobs, !waiting.isEmpty {
                try start(waiting.removeFirst(), watch.signals)
            }
            watch.wait(for: running.map(\.guest), atMost: Self.tick)
            if let number = watch.signals.nextInterrupt() { interrupt(by: number) }
            for entry in running { entry.guest.attendUntilDecided() }
            try collect()
            try report(.tick)
        }
        return plan.boots.indices.compactMap { results[$0] }
    }

    private mutating func start(
        _ next: (boot: Int, attempt: Int), _ signals: borrowing BlockedSignals
    ) throws {
        try report(.started(next.boot, attempt: next.attempt))
        let command: GuestCommand
        switch try prepare(next.boot) {
        case .ready(let prepared): command = prepared
        case .refused(let reason):
            return try finish(next.boot, .refused(reason), Evidence(), next.attempt, .zero)
        case .interrupted(let signal):
            waiting.append(next)
            return interrupt(by: signal)
        }
        let record = try record(next.boot)
        do throws(Errno) {
            let guest = try ObservedGuest(
                command, signals: signals, limit: plan.limit, record: record,
                recordLimit: Self.recordLimit)
            running.append((next.boot, next.attempt, guest))
        } catch {
            throw GuestError.notStarted(command.program, error)
        }
    }

    /// Ends the guests at once; what has no result yet was interrupted.
    private mutating func interrupt(by signal: Int32) {
        for entry in running {
            entry.guest.endAtOnce()
            results[entry.boot] = result(
                entry.boot, .interrupted(by: signal), entry.guest.evidence, entry.attempt,
                entry.guest.age)
        }
        for next in waiting {
            results[next.boot] = result(
                next.boot, .interrupted(by: signal), Evidence(), next.attempt - 1, .zero)
        }
        (running, waiting) = ([], [])
    }

    private mutating func collect() throws {
        let over = running.filter(\.guest.isOver)
        running.removeAll(where: \.guest.isOver)
        for entry in over {
            let evidence = entry.guest.evidence
            let architecture = plan.boots[entry.boot].architecture
            let verdict = Verdict(evidence, success: plan.success, on: architecture)
            try finish(entry.boot, verdict, evidence, entry.attempt, entry.guest.age)
        }
    }

    /// Queues a failed boot for a retry, or reports its result.
    private mutating func finish(
        _ index: Int, _ verdict: Verdict, _ evidence: Evidence, _ attempt: Int, _ age: Duration
    ) throws {
        if !verdict.meets(plan.expectation, evidence), attempt <= plan.retries {
            return waiting.insert((index, attempt + 1), at: 0)
        }
        let result = result(index, verdict, evidence, attempt, age)
        results[index] = result
        try report(.finished(index, result))
    }

    private func result(
        _ index: Int, _ verdict: Verdict, _ evidence: Evidence, _ attempts: Int, _ age: Duration
    ) -> TestResult {
        TestResult(
            plan.boots[index], verdict, evidence, expecting: plan.expectation, attempts: attempts,
            duration: age)
    }
}
