import HostSystem

/// The result of a boot after all its attempts.
public struct TestResult: Sendable {
    package let boot: TestPlan.Boot
    /// What happened to the guest.
    public let verdict: Verdict
    let expectation: ExpectedOutcome
    /// Whether the verdict is the expected one.
    public let isPass: Bool
    /// How many attempts were started: 0 if a signal came first.
    package let attempts: Int
    /// How long the last attempt took.
    public let duration: Duration
    package let evidence: Evidence
    /// Where in the kernel it ended, unless it ended itself.
    public let place: CodePlace?
    /// Where the exception occurred from which a guest had not returned when it timed out.
    let exceptionPlace: CodePlace?

    /// The last lines of the serial line, at most 25.
    public var serialLines: [String] { evidence.serialTail }

    /// The tests that the guest reported on the serial line, as KTAP or TAP.
    public var tests: [GuestTests.Result] { evidence.tests.results }

    /// The signal that interrupted this process before the boot had a result.
    package var interrupt: Int32? {
        guard case .interrupted(let signal) = verdict else { return nil }
        return signal
    }

    init(
        _ boot: TestPlan.Boot, _ verdict: Verdict, _ evidence: Evidence,
        expecting expectation: ExpectedOutcome, attempts: Int, duration: Duration
    ) {
        func place(_ address: UInt64) -> CodePlace {
            CodePlace(address, in: boot.file, movedBy: evidence.slide)
        }
        (self.boot, self.verdict, self.evidence) = (boot, verdict, evidence)
        (self.expectation, self.attempts, self.duration) = (expectation, attempts, duration)
        isPass = verdict.meets(expectation, evidence)
        let places = evidence.addresses(for: verdict).map(place)
        self.place = places.first { $0.function != nil } ?? places.first
        let exception = verdict == .timedOut ? evidence.exceptions.root : nil
        exceptionPlace = exception.map { place($0.address) }
    }

    /// The verdict with everything that explains it, in one line.
    public var summary: String {
        var text = (attempts == 0 ? "not started: " : "") + verdict.description
        if let place { text = place.ending(text) }
        if let exceptionPlace, let exception = evidence.exceptions.root {
            text += "; no return from \(exceptionPlace.ending(exception.cause))"
        }
        if evidence.hasStackOverflow(verdict) { text += "; the stack has overflowed" }
        if let running = evidence.tests.running { text += ", while running “\(running)”" }
        if !isPass, interrupt == nil, expectation != .success {
            text += "; expected \(expectation.text)"
        }
        if isPass, verdict != .passed { text += ", as expected" }
        if attempts > 1 { text += " (attempt \(attempts))" }
        return text
    }
}

extension Evidence {
    /// Returns addresses that may explain why the guest did not end itself, the best one first.
    fileprivate func addresses(for verdict: Verdict) -> [UInt64] {
        switch verdict {
        case .tripleFault(let fault): [fault?.address].compactMap(\.self)
        // After a jump to an address without code, the last call's return address helps.
        case .unhandledException(let exception):
            [exception.address, registers?.link.map { $0 &- 4 }].compactMap(\.self)
        case .timedOut: [registers?.address].compactMap(\.self)
        case .panicked(let text?): [Self.address(in: text)].compactMap(\.self)
        default: []
        }
    }

    fileprivate func hasStackOverflow(_ verdict: Verdict) -> Bool {
        switch verdict {
        case .tripleFault(let fault?): fault.isStackOverflow(stackStart: stackStart)
        case .unhandledException, .timedOut:
            stackStart.flatMap { exceptions.root?.isStackOverflow(stackStart: $0) } ?? false
        default: false
        }
    }

    /// The number in `… at 0x…`, with which a kernel's handler reports where an exception occurred.
    private static func address(in text: String) -> UInt64? {
        let words = text.split { " ,.".contains($0) }
        return zip(words, words.dropFirst()).lazy.compactMap { word, next in
            word == "at" ? next.hexNumber : nil
        }.first
    }
}
