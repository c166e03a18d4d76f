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
        /// Why it was skipped, if the guest gave a reason.
        public let skipReason: String?
        /// The comment lines that the guest printed while it ran.
        public let remarks: [String]
        /// The time since the previous test, by the host's clock.
        public let duration: Duration
    }

    /// What a guest reports against the rules of its protocol.
    enum Violation: Equatable, Sendable {
        /// A second plan; the first one counts.
        case secondPlan(Int, first: Int)
        /// A result without a number; only TAP allows it.
        case missingNumber
        /// A result with another number than the next one; TAP 14 allows any order.
        case wrongNumber(Int, expected: Int)
        case repeatedNumber(Int)
        /// A result that the plan does not have.
        case outsidePlan(Int, planned: Int)
        /// No plan, which only TAP 14 requires.
        case missingPlan
    }

    private enum Version: String {
        case ktap1 = "KTAP version 1"
        case tap13 = "TAP version 13"
        case tap14 = "TAP version 14"
    }

    private static let exemptions = ["SKIP", "TO" + "DO"]
    /// How many results and remarks are kept; a guest may print them forever.
    private static let resultLimit = 10_000
    private static let remarkLimit = 50

    private(set) var results: [Result] = []
    /// How many tests the guest announced.
    private(set) var plannedCount: Int?
    /// How many have ended.
    package private(set) var count = 0
    /// The test that has begun but not ended.
    package private(set) var running: String?
    private(set) var bailOut: String?
    private(set) var failedCount = 0
    private var version: Version?
    private var firstViolation: Violation?
    /// The numbers seen so far, if they may come in any order.
    private var numbers: Set<Int> = []
    private var highestNumber = 0
    private var remarks: [String] = []
    private var start = Duration.zero

    var hasBegun: Bool { version != nil }

    /// Whether all announced tests ended, none failed, and the guest kept to the protocol.
    var isSuccess: Bool {
        failedCount == 0 && bailOut == nil && missingCount == 0 && violation == nil
    }

    var missingCount: Int { max(0, (plannedCount ?? 0) - count) }

    /// The first one.
    var violation: Violation? {
        if let firstViolation { return firstViolation }
        guard let plannedCount else {
            return version == .tap14 && count > 0 ? .missingPlan : nil
        }
        let last = max(highestNumber, count)
        return last > plannedCount ? .outsidePlan(last, planned: plannedCount) : nil
    }

    /// Why the tests as a whole failed.
    var failureText: String {
        var parts: [String] = []
        let total = max(count, plannedCount ?? 0)
        if failedCount > 0 { parts.append("\(failedCount) of \(total) tests") }
        if missingCount > 0 { parts.append("\(missingCount) of \(total) never ended") }
        if let violation { parts.append(violation.text) }
        return parts.joined(separator: ", ")
    }

    /// Takes the next line, `time` after the guest's start.
    package mutating func take(_ line: String, at time: Duration) {
        if let version = Version(rawValue: line) {
            self.version = self.version ?? version
            start = time
        } else if hasBegun {
            takeResult(line, at: time)
        }
    }

    private mutating func takeResult(_ line: String, at time: Duration) {
        if let rest = result(line, "ok") {
            end(rest, .passed, at: time)
        } else if let rest = result(line, "not ok") {
            end(rest, .failed, at: time)
        } else if let name = line.afterPrefix("# begin ") {
            running = String(name)
            start = time
        } else if let remark = line.afterPrefix("# ") {
            if remarks.count < Self.remarkLimit { remarks.append(String(remark)) }
        } else if let message = line.afterPrefix("Bail out!") {
            bailOut = String(message.drop { $0 == " " })
        } else if let number = line.afterPrefix("1..").flatMap(Self.plan) {
            if let plannedCount { report(.secondPlan(number, first: plannedCount)) }
            plannedCount = plannedCount ?? number
        }
    }

    /// Returns what follows `ok` or `not ok`; both words alone are results of TAP only.
    private func result(_ line: String, _ word: String) -> Substring? {
        if let rest = line.afterPrefix(word + " ") { return rest }
        return line == word && (version != .ktap1 || word == "not ok") ? "" : nil
    }

    /// Parses a plan's count, optionally with `# DIRECTIVE`.
    private static func plan(_ text: Substring) -> Int? {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || parts[1].hasPrefix("#"), parts[0].allSatisfy(\.isASCIIDigit)
        else { return nil }
        return Int(parts[0])
    }

    private mutating func report(_ violation: Violation) {
        firstViolation = firstViolation ?? violation
    }

    /// Checks the number of the result that has just been counted (KTAP, "Test case result lines";
    /// TAP 14, "Test Points").
    private mutating func check(_ number: Int?) {
        guard let number else {
            if version == .ktap1 { report(.missingNumber) }
            return
        }
        highestNumber = max(highestNumber, number)
        // Beyond the limit, memory stays bounded and order is required.
        guard version == .tap14, numbers.count < Self.resultLimit else {
            if number != count { report(.wrongNumber(number, expected: count)) }
            return
        }
        if number < 1 { report(.wrongNumber(number, expected: count)) }
        if !numbers.insert(number).inserted { report(.repeatedNumber(number)) }
    }

    /// Takes `NUMBER NAME` or `NUMBER - NAME`, optionally with `# DIRECTIVE`.
    private mutating func end(_ text: Substring, _ outcome: Outcome, at time: Duration) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let directive = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        // Such a test need not pass (TAP 14, "Directives").
        let isExempt = Self.exemptions.contains(where: directive.uppercased().hasPrefix)
        let outcome = isExempt ? .skipped : outcome
        count += 1
        let digits = parts[0].prefix(while: \.isASCIIDigit)
        let rest = parts[0].dropFirst(digits.count)
        let isNumber = rest.isEmpty || rest.hasPrefix(" ")
        check(isNumber ? Int(digits) : nil)
        if outcome == .failed { failedCount += 1 }
        if results.count < Self.resultLimit {
            results.append(
                Result(
                    name: Self.name(isNumber ? rest : parts[0]) ?? running ?? "test \(count)",
                    outcome: outcome, skipReason: isExempt ? Self.reason(directive) : nil,
                    remarks: remarks, duration: time - start))
        }
        running = nil
        remarks = []
        start = time
    }

    private static func name(_ text: Substring) -> String? {
        let rest = text.drop { $0 == " " }
        return trimmed(rest.hasPrefix("- ") ? rest.dropFirst(2) : rest)
    }

    /// Returns what follows the directive's word.
    private static func reason(_ directive: Substring) -> String? {
        trimmed(directive.drop { $0 != " " }.drop { $0 == " " })
    }

    private static func trimmed(_ text: Substring) -> String? {
        var text = text
        while text.last == " " { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }
}

extension GuestTests.Violation {
    fileprivate var text: String {
        switch self {
        case .secondPlan(let count, let first): "a second plan, 1..\(count) after 1..\(first)"
        case .missingNumber: "a result without a number"
        case .wrongNumber(let number, let expected):
            "a result has number \(number), expected \(expected)"
        case .repeatedNumber(let number): "two results have number \(number)"
        case .outsidePlan(let number, let planned):
            "result \(number) is outside the plan 1..\(planned)"
        case .missingPlan: "no plan"
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
