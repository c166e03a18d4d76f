package import SystemPackage

import DiskImage
import HostSystem
import Libc

/// Boots what a plan says, several guests at a time, and judges each.
package struct TestRunner {
    /// What happens to a boot; the number is its place in the plan.
    package enum Event {
        case started(Int, attempt: Int)
        case finished(Int, TestResult)
        /// Nothing but that time goes by.
        case tick
    }

    /// How the run ended.
    package enum Outcome {
        case finished([TestResult])
        /// A signal asked this process to end.
        case interrupted(by: Int32)
    }

    /// A guest, and which boot of the plan it is.
    private struct Running {
        let boot: Int
        let attempt: Int
        let guest: ObservedGuest
    }

    /// How many guests a machine runs at a time without one waiting for another.
    package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// How often a table that shows time is drawn anew.
    private static let tick = Duration.milliseconds(100)

    /// What boots the guest, or why there is nothing to boot.
    package enum Preparation {
        case ready(GuestCommand)
        case refused(String)
    }

    private let plan: TestPlan
    /// Makes the image of a boot, by its index in the plan.
    private let prepare: (Int) throws -> Preparation
    /// Opens the file that gets every byte of a boot's serial line, if there is one.
    private let record: (Int) throws -> FileDescriptor?
    private let report: (Event) throws -> Void
    private var waiting: [(boot: Int, attempt: Int)]
    private var running: [Running] = []
    private var results: [Int: TestResult] = [:]

    package init(
        _ plan: TestPlan, prepare: @escaping (Int) throws -> Preparation,
        record: @escaping (Int) throws -> FileDescriptor?,
        report: @escaping (Event) throws -> Void
    ) {
        (self.plan, self.prepare, self.record, self.report) = (plan, prepare, record, report)
        waiting = plan.boots.indices.map { ($0, 1) }
    }

    /// Runs all boots.
    ///
    /// - Returns: The results in the plan's order, or the signal that asked this process to end.
    /// - Throws: ``GuestError``, and what the closures throw.
    package mutating func run() throws -> Outcome {
        let watch = GuestWatch()
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < plan.jobs, !waiting.isEmpty {
                try start(waiting.removeFirst(), watch.signals)
            }
            watch.wait(for: running.map(\.guest), atMost: Self.tick)
            if let number = watch.interrupt() {
                for entry in running { entry.guest.endAtOnce() }
                return .interrupted(by: number)
            }
            for entry in running {
                if entry.guest.evidence.isFinal { entry.guest.end(.stopped) }
                entry.guest.attend()
            }
            try collect()
            try report(.tick)
        }
        return .finished(plan.boots.indices.compactMap { results[$0] })
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
        }
        let record = try record(next.boot)
        do throws(Errno) {
            let guest = try ObservedGuest(
                command, signals: signals, limit: plan.limit, record: record)
            running.append(Running(boot: next.boot, attempt: next.attempt, guest: guest))
        } catch {
            throw GuestError.notStarted(command.program, error)
        }
    }

    /// Judges the guests that are over, and lets those that failed try again if they may.
    private mutating func collect() throws {
        let over = running.filter(\.guest.isOver)
        running.removeAll(where: \.guest.isOver)
        for entry in over {
            let evidence = entry.guest.evidence
            let standard = SuccessStatus.standard(on: plan.boots[entry.boot].architecture)
            let verdict = Verdict(evidence, success: plan.success ?? standard)
            try finish(entry.boot, verdict, evidence, entry.attempt, entry.guest.age)
        }
    }

    private mutating func finish(
        _ index: Int, _ verdict: Verdict, _ evidence: Evidence, _ attempt: Int, _ age: Duration
    ) throws {
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
}
