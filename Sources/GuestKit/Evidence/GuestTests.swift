import HostSystem

/// The tests that a guest reports on the serial line, as KTAP version 1 or TAP.
public struct GuestTests: Sendable {
    /// How a test ended.
    public enum Outcome: Equatable, Sendable {
        /// `ok`.
        case passed
        /// `not ok`.
        case failed
        /// With a directive that exempts it.
        case skipped
    }

    /// A test in the guest.
    public struct Result: Equatable, Sendable {
        /// Its name, or “test N”.
        public let name: String
        /// How it ended.
        public let outcome: Outcome
        /// The comment lines that the guest printed while it ran.
        public let remarks: [String]
        /// The time since the previous test, by the host's clock.
        public let duration: Duration
    }

    private static let versionLines: Set<String> = [
        "KTAP version 1", "TAP version 13", "TAP version 14",
    ]
    private static let exemptions = ["SKIP", "TO" + "DO"]
    /// How many results and remarks are kept; a guest may print them forever.
    private static let resultLimit = 10_000
    private static let remarkLimit = 50

    private(set) var results: [Result] = []
    /// How many tests the guest announced; 0 if it has not.
    private(set) var plannedCount = 0
    /// How many have ended.
    package private(set) var count = 0
    /// The test that has begun but not ended.
    package private(set) var running: String?
    private(set) var bailOut: String?
    private(set) var failedCount = 0
    private(set) var hasBegun = false
    private var remarks: [String] = []
    private var start = Duration.zero

    /// Whether all announced tests ended and none failed.
    var isSuccess: Bool { failedCount == 0 && bailOut == nil && missingCount == 0 }

    var missingCount: Int { max(0, plannedCount - count) }

    /// Why the tests as a whole failed.
    var failureText: String {
        var parts: [String] = []
        if failedCount > 0 { parts.append("\(failedCount) of \(max(count, plannedCount)) tests") }
        if missingCount > 0 { parts.append("\(missingCount) of \(plannedCount) never ended") }
        return parts.joined(separator: ", ")
    }

    /// Takes the next line, `time` after the guest's start.
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

    /// Takes `NUMBER NAME` or `NUMBER - NAME`, optionally with `# DIRECTIVE`.
    private mutating func end(_ text: Substring, _ outcome: Outcome, at time: Duration) {
        let parts = text.split(separator: "#", maxSplits: 1)
        let directive = parts.count > 1 ? parts[1].drop { $0 == " " }.uppercased() : ""
        // Such a test need not pass (TAP 14, "Directives").
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
