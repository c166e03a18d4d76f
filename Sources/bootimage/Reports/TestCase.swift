import GuestKit

/// An entry of a report: a test in the guest, or the boot itself.
struct TestCase {
    let name: String
    let outcome: GuestTests.Outcome
    /// Why it failed or was skipped; empty if there is no reason.
    let message: String
    let remarks: [String]
    let duration: Duration

    /// Returns the guest's own tests, and the boot itself if these do not explain its result.
    static func cases(of result: TestResult) -> [TestCase] {
        var cases = result.tests.map { test in
            TestCase(
                name: test.name, outcome: test.outcome,
                message: message(of: test),
                remarks: test.remarks, duration: test.duration)
        }
        let isExplained =
            result.isPass
            ? !cases.isEmpty
            : result.interrupt == nil && cases.contains { $0.outcome == .failed }
        let running = result.evidence.tests.running
        if !isExplained || !result.isPass && running != nil {
            cases.append(
                TestCase(
                    name: result.isPass ? "boot" : running ?? "boot",
                    outcome: outcome(of: result),
                    message: result.summary,
                    remarks: result.evidence.serialTail, duration: result.duration))
        }
        return cases
    }

    private static func outcome(of result: TestResult) -> GuestTests.Outcome {
        if result.interrupt != nil { return .skipped }
        return result.isPass ? .passed : .failed
    }

    private static func message(of test: GuestTests.Result) -> String {
        switch test.outcome {
        case .passed: ""
        case .failed: test.remarks.first ?? "failed"
        case .skipped: test.skipReason ?? ""
        }
    }
}
