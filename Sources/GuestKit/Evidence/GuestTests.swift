import HostSystem

/// What a guest says about its tests on the serial line, as KTAP version 1 or TAP has it.
package struct GuestTests {
    /// What became of one test.
    package enum Outcome: Equatable {
        case passed
        case failed
        case skipped
    }

    /// One test of the guest's.
    package struct Result: Equatable {
        package let name: String
        package let outcome: Outcome
        /// What the guest said while it ran.
        package let remarks: [String]
        package let duration: Duration
    }

    private static let versionLines: Set<String> = [
        "KTAP version 1", "TAP version 13", "TAP version 14",
    ]
    private static let exemptions = ["SKIP", "TO" + "DO"]
    /// Most results and remarks that are held; a guest may go on for ever.
    private static let resultLimit = 10_000
    private static let remarkLimit = 50

    private(set) var results: [Result] = []
    /// How many tests the guest said there would be; 0 if it has not said.
    private(set) var plannedCount = 0
    /// How many have come to an end.
    package private(set) var count = 0
    /// The test that has begun and not ended.
    package private(set) var running: String?
    /// Why the guest gave up.
    private(set) var bailOut: String?
    private(set) var failedCount = 0
    private var hasBegun = false
    private var remarks: [String] = []
    private var start = Duration.zero

    /// Whether every test that was to run did so, and none failed.
    var isSuccess: Bool { failedCount == 0 && bailOut == nil && missingCount == 0 }

    /// How many tests never came to an end.
    var missingCount: Int { max(0, plannedCount - count) }

    /// Whether the guest speaks of tests at all.
    package var isEmpty: Bool { !hasBegun }

    /// Takes the next line of the serial line, `time` after the guest's start.
    package mutating func take(_ line: String, at time: Duration) {
        if Self.versionLines.contains(line) {
            hasBegun = true
            start = time
        } else if hasBegun {
            takeResult(line, at: time)
        }
    }

    private mutating func takeResult(_ line: String, at time: Duration) {
        if let rest = line.afterPrefix("ok ") {
            end(rest, .passed, at: time)
        } else if let rest = line.afterPrefix("not ok ") {
            end(rest, .failed, at: time)
        } else if let name = line.afterPrefix("# begin ") {
            running = String(name)
            start = time
        } else if let remark = line.afterPrefix("# ") {
            if remarks.count < Self.remarkLimit { remarks.append(String(remark)) }
        } else if let message = line.afterPrefix("Bail out!") {
            bailOut = String(message.drop { $0 == " " })
        } else if let number = line.afterPrefix("1..").flatMap({ Int($0) }), number >= 0 {
            plannedCount = number
        }
    }

    /// `NUMBER NAME`, or `NUMBER - NAME`, and perhaps `# DIRECTIVE`.
    private mutating func end(_ text: Substring, _ outcome: Outcome, at time: Duration) {
        let parts = text.split(separator: "#", maxSplits: 1)
        let directive = parts.count > 1 ? parts[1].drop { $0 == " " }.uppercased() : ""
        // Neither was the test to pass (TAP 14, "Directives").
        let isExempt = Self.exemptions.contains(where: directive.hasPrefix)
        let outcome = isExempt ? .skipped : outcome
        count += 1
        if outcome == .failed { failedCount += 1 }
        if results.count < Self.resultLimit {
            results.append(
                Result(
                    name: Self.name(parts.first ?? "") ?? running ?? "test \(count)",
                    outcome: outcome, remarks: remarks, duration: time - start))
        }
        running = nil
        remarks = []
        start = time
    }

    private static func name(_ text: Substring) -> String? {
        var rest = text.drop { $0.isNumber }.drop { $0 == " " }
        if rest.hasPrefix("- ") { rest = rest.dropFirst(2) }
        while rest.last == " " { rest.removeLast() }
        return rest.isEmpty ? nil : String(rest)
    }
}
