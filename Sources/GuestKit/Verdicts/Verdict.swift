/// What became of a guest.
package enum Verdict: Equatable {
    case passed
    /// It ended QEMU with another status than that of success.
    case failed(status: Int32)
    /// It ended with success, or might have, but for its own tests.
    case testsFailed(String)
    case timedOut
    case tripleFault(ProcessorFault?)
    /// An exception on AArch64 for which there was no handler that worked.
    case unhandledException(ArmException)
    case reset
    case panicked(String?)
    /// The loader did not start the kernel, or it was not even worth an image.
    case refused(String)
    case nothingToBoot(String)
    case qemuFailed(String)
    case killed(signal: Int32)

    /// A word for machines.
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

    /// The verdict for people; where a fault happened is told elsewhere.
    var text: String {
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
    /// Judges what was seen; the first that is told explains the others.
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

    /// Whether it is what was expected.
    func meets(_ expectation: Expectation, _ evidence: Evidence) -> Bool {
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
    /// Why they are no success.
    fileprivate var failureText: String {
        var parts: [String] = []
        if failedCount > 0 { parts.append("\(failedCount) of \(max(count, plannedCount)) tests") }
        if missingCount > 0 { parts.append("\(missingCount) of \(plannedCount) never ended") }
        return parts.joined(separator: ", ")
    }
}
