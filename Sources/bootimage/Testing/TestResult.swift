/// What became of one boot, all its attempts together.
struct TestResult {
    let boot: TestPlan.Boot
    let verdict: Verdict
    /// What was to be.
    let expectation: Expectation
    /// Whether the verdict is what was expected.
    let isPass: Bool
    /// How many times the guest was booted.
    let attempts: Int
    /// How long the last of them took.
    let duration: Duration
    let evidence: Evidence
    /// Where in the kernel it ended, if that was no end that it chose.
    let place: CodePlace?

    /// The guest's own tests, if it told of any.
    var tests: [GuestTests.Result] { evidence.tests.results }

    /// The verdict for people, and what does not go with it.
    var summary: String {
        var text = verdict.text
        if let place { text = place.ending(text) }
        if case .tripleFault(let fault?) = verdict, fault.isStackOverflow {
            text += "; the stack has overflowed"
        }
        if let running = evidence.tests.running { text += ", while running “\(running)”" }
        if !isPass, expectation != .success { text += "; expected \(expectation.text)" }
        if isPass, verdict != .passed { text += ", as expected" }
        if attempts > 1 { text += " (attempt \(attempts))" }
        return text
    }
}

extension Evidence {
    /// Where to look for the reason of an end that the guest did not choose.
    func address(for verdict: Verdict) -> UInt64? {
        switch verdict {
        case .tripleFault(let fault): fault?.address
        case .timedOut: lastAddress
        case .panicked(let text?): Self.address(in: text)
        default: nil
        }
    }

    /// The number in `… at 0x…`, with which a kernel's own handler tells where an exception was.
    private static func address(in text: String) -> UInt64? {
        let words = text.split { " ,.".contains($0) }
        return zip(words, words.dropFirst()).lazy.compactMap { word, next in
            word == "at" && next.hasPrefix("0x") ? UInt64(next.dropFirst(2), radix: 16) : nil
        }.first
    }
}
