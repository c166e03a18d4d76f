import DiskImage
import HostSystem

/// What became of one boot, all its attempts together.
package struct TestResult {
    package let boot: TestPlan.Boot
    package let verdict: Verdict
    /// What was to be.
    let expectation: Expectation
    /// Whether the verdict is what was expected.
    package let isPass: Bool
    /// How many times the guest was booted.
    package let attempts: Int
    /// How long the last of them took.
    package let duration: Duration
    package let evidence: Evidence
    /// Where in the kernel it ended, if that was no end that it chose.
    package let place: CodePlace?
    /// Where the exception was from which a guest had not returned when its time was over.
    let exceptionPlace: CodePlace?

    /// The guest's own tests, if it told of any.
    package var tests: [GuestTests.Result] { evidence.tests.results }

    /// The verdict for people, and what does not go with it.
    package var summary: String {
        var text = verdict.text
        if let place { text = place.ending(text) }
        if let exceptionPlace, let exception = evidence.exceptions.root {
            text += "; no return from \(exceptionPlace.ending(exception.cause))"
        }
        if evidence.hasStackOverflow(verdict) { text += "; the stack has overflowed" }
        if let running = evidence.tests.running { text += ", while running “\(running)”" }
        if !isPass, expectation != .success { text += "; expected \(expectation.text)" }
        if isPass, verdict != .passed { text += ", as expected" }
        if attempts > 1 { text += " (attempt \(attempts))" }
        return text
    }
}

extension Evidence {
    /// Where to look for the reason of an end that the guest did not choose: the first of these
    /// that is in a function.
    func addresses(for verdict: Verdict) -> [UInt64] {
        switch verdict {
        case .tripleFault(let fault): [fault?.address].compactMap(\.self)
        // From where it jumped to what is no code, as far as calls leave a trace.
        case .unhandledException(let exception):
            [exception.address, registers?.link.map { $0 &- 4 }].compactMap(\.self)
        case .timedOut: [registers?.address].compactMap(\.self)
        case .panicked(let text?): [Self.address(in: text)].compactMap(\.self)
        default: []
        }
    }

    /// Whether what ended the guest was that its stack was used up.
    fileprivate func hasStackOverflow(_ verdict: Verdict) -> Bool {
        switch verdict {
        case .tripleFault(let fault?): fault.isStackOverflow
        case .unhandledException, .timedOut:
            stackStart.flatMap { exceptions.root?.isStackOverflow(stackStart: $0) } ?? false
        default: false
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
