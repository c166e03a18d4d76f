/// What happened to a guest.
public enum Verdict: Equatable, Sendable {
    /// It ended QEMU with the status of success, and none of its own tests failed.
    case passed
    /// It ended QEMU with any other status.
    case failed(status: Int32)
    /// A test that it reported failed, or never ended.
    case testsFailed(String)
    /// It did not end before the limit.
    case timedOut
    /// It reset the machine by a triple fault, with the first exception before it if known.
    case tripleFault(ProcessorFault?)
    /// An exception on AArch64 that no handler dealt with.
    case unhandledException(ArmException)
    /// It reset the machine.
    case reset
    /// It panicked, with its message if known.
    case panicked(String?)
    /// The loader refused to start the kernel, or no image could be built of it.
    case refused(String)
    /// The firmware found no boot loader.
    case nothingToBoot(String)
    /// QEMU did not start the machine.
    case qemuFailed(String)
    /// A signal from another process ended QEMU.
    case killed(signal: Int32)

    /// A word for programs.
    package var name: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .testsFailed: "tests-failed"
        case .timedOut: "timed-out"
        case .tripleFault: "triple-fault"
        case .unhandledException: "unhandled-exception"
        case .reset: "reset"
        case .panicked: "guest-panic"
        case .refused: "loader-refused"
        case .nothingToBoot: "nothing-to-boot"
        case .qemuFailed: "qemu-failed"
        case .killed: "killed"
        }
    }
}

extension Verdict: CustomStringConvertible {
    /// The verdict for people, without the place of a fault.
    public var description: String {
        switch self {
        case .passed: "passed"
        case .failed(let status): "failed: QEMU ended with status \(status)"
        case .testsFailed(let text): "failed: \(text)"
        case .timedOut: "timed out"
        case .tripleFault(let fault):
            "triple fault" + (fault.map { ": \($0.cause)" } ?? "")
        case .unhandledException(let exception): "unhandled exception: \(exception.cause)"
        case .reset: "the guest reset the machine"
        case .panicked(let text): "guest panic" + (text.map { ": \($0)" } ?? "")
        case .refused(let text): "refused: \(text)"
        case .nothingToBoot(let text): "firmware found nothing to boot: \(text)"
        case .qemuFailed(let text): "QEMU failed: \(text)"
        case .killed(let signal): "QEMU was killed by signal \(signal)"
        }
    }
}

extension Verdict {
    /// Judges the evidence; the earliest cause wins, because it explains the others.
    init(_ evidence: Evidence, success: SuccessStatus) {
        switch evidence.ending {
        case .exited(let status) where !evidence.hasStarted && evidence.isObserved:
            self = .qemuFailed(evidence.stderrLines.last ?? "it ended with status \(status)")
        case _ where evidence.refusal != nil:
            self = .refused(evidence.refusal ?? "")
        case _ where evidence.bootFailure != nil:
            self = .nothingToBoot(evidence.bootFailure ?? "")
        case _ where evidence.tests.bailOut != nil:
            self = .panicked(evidence.tests.bailOut)
        case _ where evidence.hasPanicked:
            self = .panicked(evidence.panicText)
        case .timedOut, .stopped:
            self =
                evidence.panicText.map(Self.panicked)
                ?? evidence.exceptions.endless.map(Self.unhandledException) ?? .timedOut
        case .killed(let signal):
            self = .killed(signal: signal)
        case .exited(let status):
            self = Self.ended(status, evidence, success)
        }
    }

    private static func ended(
        _ status: Int32, _ evidence: Evidence, _ success: SuccessStatus
    ) -> Self {
        let isSuccess = status == success.status
        if evidence.wasReset, !(isSuccess && success.includesReset) {
            return evidence.faults.hasTripleFault
                ? .tripleFault(evidence.faults.tripleFault) : .reset
        }
        if !evidence.tests.isSuccess { return .testsFailed(evidence.tests.failureText) }
        if isSuccess { return .passed }
        return evidence.panicText.map(Self.panicked) ?? .failed(status: status)
    }

    /// Whether it is the expected verdict.
    func meets(_ expectation: ExpectedOutcome, _ evidence: Evidence) -> Bool {
        switch (expectation, self) {
        case (.success, .passed): true
        case (.panic, .panicked): true
        case (.reset, .reset), (.reset, .tripleFault): true
        case (.exit(let status), .failed), (.exit(let status), .passed):
            evidence.ending == .exited(status)
        default: false
        }
    }
}

extension GuestTests {
    /// Why the tests as a whole failed.
    fileprivate var failureText: String {
        var parts: [String] = []
        if failedCount > 0 { parts.append("\(failedCount) of \(max(count, plannedCount)) tests") }
        if missingCount > 0 { parts.append("\(missingCount) of \(plannedCount) never ended") }
        return parts.joined(separator: ", ")
    }
}
