import ELFKit
import HostSystem

/// What happened to a guest.
public enum Verdict: CustomStringConvertible, Equatable, Sendable {
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
    /// The loader itself failed, by a processor exception.
    case loaderFailed(String)
    /// The firmware found no boot loader.
    case nothingToBoot(String)
    /// QEMU did not start the machine.
    case qemuFailed(String)
    /// A signal from another process ended QEMU.
    case killed(signal: Int32)
    /// A signal interrupted this process before the guest ended.
    case interrupted(by: Int32)

    /// A word for programs.
    package var name: String { texts.name }

    /// The verdict for people, without the place of a fault.
    public var description: String { texts.description }

    private var texts: (name: String, description: String) {
        switch self {
        case .passed: ("passed", "passed")
        case .failed(let status): ("failed", "failed: QEMU ended with status \(status)")
        case .testsFailed(let text): ("tests-failed", "failed: \(text)")
        case .timedOut: ("timed-out", "timed out")
        case .tripleFault(let fault):
            ("triple-fault", "triple fault" + (fault.map { ": \($0.cause)" } ?? ""))
        case .unhandledException(let exception):
            ("unhandled-exception", "unhandled exception: \(exception.cause)")
        case .reset: ("reset", "the guest reset the machine")
        case .panicked(let text): ("guest-panic", "guest panic" + (text.map { ": \($0)" } ?? ""))
        case .refused(let text): ("loader-refused", "refused: \(text)")
        case .loaderFailed(let text): ("loader-failed", "loader failed: \(text)")
        case .nothingToBoot(let text):
            ("nothing-to-boot", "firmware found nothing to boot: \(text)")
        case .qemuFailed(let text): ("qemu-failed", "QEMU failed: \(text)")
        case .killed(let signal): ("killed", "QEMU was killed by signal \(signal)")
        case .interrupted(let signal): ("interrupted", "interrupted by signal \(signal)")
        }
    }

    /// Judges the evidence; the earliest cause wins, because it explains the others.
    ///
    /// `success` is the exit status that means success, if it is not the architecture's.
    init(_ evidence: Evidence, success: Int32? = nil, on architecture: Architecture) {
        switch evidence.ending {
        case .status(let status) where !evidence.hasStarted && evidence.isObserved:
            self = .qemuFailed(evidence.stderrLines.last ?? "it ended with status \(status)")
        case _ where evidence.refusal != nil: self = .refused(evidence.refusal ?? "")
        case _ where evidence.loaderFailure != nil:
            self = .loaderFailed(evidence.loaderFailure ?? "")
        case _ where evidence.bootFailure != nil: self = .nothingToBoot(evidence.bootFailure ?? "")
        case _ where evidence.tests.bailOut != nil: self = .panicked(evidence.tests.bailOut)
        case _ where evidence.hasPanicked: self = .panicked(evidence.panicText)
        case nil:
            self =
                evidence.panicText.map(Self.panicked)
                ?? evidence.exceptions.endless.map(Self.unhandledException) ?? .timedOut
        case .signal(let signal): self = .killed(signal: signal)
        case .status(let status):
            let isSuccess = status == success ?? architecture.platform.successStatus
            self = Self.ended(status, evidence, isSuccess, successIncludesReset: success == 0)
        }
    }

    /// Explains what a person would only see as silence or as endless reboots; nil if the guest
    /// ended QEMU by itself, or at the time limit.
    init?(explaining evidence: Evidence, on architecture: Architecture) {
        if let refusal = evidence.refusal {
            self = .refused(refusal)
        } else if evidence.hasPanicked {
            self = .panicked(evidence.panicText)
        } else if evidence.faults.hasTripleFault {
            self = .tripleFault(evidence.faults.tripleFault)
        } else if evidence.isResetLoop {
            self = .reset
        } else if evidence.ending == nil, let exception = evidence.exceptions.endless {
            self = .unhandledException(exception)
        } else if evidence.ending == .status(architecture.platform.successStatus),
            evidence.hasStarted, !evidence.tests.isSuccess
        {
            self = .testsFailed(evidence.tests.failureText)
        } else {
            return nil
        }
    }

    private static func ended(
        _ status: Int32, _ evidence: Evidence, _ isSuccess: Bool, successIncludesReset: Bool
    ) -> Self {
        if evidence.wasReset, !(isSuccess && successIncludesReset) {
            return evidence.faults.hasTripleFault
                ? .tripleFault(evidence.faults.tripleFault) : .reset
        }
        if !evidence.tests.isSuccess { return .testsFailed(evidence.tests.failureText) }
        if isSuccess { return .passed }
        return evidence.panicText.map(Self.panicked) ?? .failed(status: status)
    }

    func meets(_ expectation: ExpectedOutcome, _ evidence: Evidence) -> Bool {
        switch (expectation, self) {
        case (.success, .passed): true
        case (.panic, .panicked): true
        case (.reset, .reset), (.reset, .tripleFault): true
        case (.exit(let status), .failed), (.exit(let status), .passed):
            evidence.ending == .status(status)
        default: false
        }
    }
}
