import Testing

@testable import GuestKit

/// Parses KTAP and TAP.
struct GuestTestsTests {
    private static func tests(_ lines: String...) -> GuestTests {
        var tests = GuestTests()
        for (index, line) in lines.enumerated() { tests.take(line, at: .seconds(index)) }
        return tests
    }

    @Test(arguments: ["KTAP version 1", "TAP version 13", "TAP version 14"])
    func `every result is taken`(_ version: String) {
        let tests = Self.tests(
            "hello", version, "1..3", "# begin adds", "ok 1 adds", "# expected 4, found 5",
            "not ok 2 - multiplies", "ok 3 flies # SKIP no wings")
        #expect(tests.results.map(\.name) == ["adds", "multiplies", "flies"])
        #expect(tests.results.map(\.outcome) == [.passed, .failed, .skipped])
        #expect(tests.results[1].remarks == ["expected 4, found 5"])
        #expect(tests.results.map(\.duration) == [.seconds(1), .seconds(2), .seconds(1)])
        #expect(tests.failedCount == 1 && tests.missingCount == 0 && !tests.isSuccess)
    }

    @Test(
        arguments: [
            ("ok 1 flies # SKIP no wings ", "no wings"), ("ok 1 # skip: no wings", "no wings"),
            ("not ok 1 flies # TODO wings # 2", "wings # 2"), ("ok 1 flies # SKIP", nil),
            ("ok 1 flies # no wings", nil),
        ] as [(String, String?)])
    func `a skipped test keeps its reason`(_ line: String, _ reason: String?) {
        #expect(Self.tests("KTAP version 1", "1..1", line).results.map(\.skipReason) == [reason])
    }

    @Test func `without a version line there are no results`() {
        let tests = Self.tests("1..2", "ok 1 adds", "not ok 2 multiplies", "Bail out! no")
        #expect(!tests.hasBegun && tests.isSuccess && tests.results.isEmpty && tests.bailOut == nil)
    }

    @Test func `a test that never ends is missing and named`() {
        let tests = Self.tests("KTAP version 1", "1..2", "ok 1 adds", "# begin hangs")
        #expect(tests.missingCount == 1 && tests.running == "hangs" && !tests.isSuccess)
    }

    @Test func `a bail-out never passes`() {
        let tests = Self.tests("KTAP version 1", "1..1", "ok 1 adds", "Bail out! page fault")
        #expect(tests.bailOut == "page fault" && !tests.isSuccess)
    }

    @Test func `a test marked as to be done does not fail`() {
        let tests = Self.tests("TAP version 14", "1..1", "not ok 1 - flies # TODO wings")
        #expect(tests.results.map(\.outcome) == [.skipped] && tests.isSuccess)
    }

    @Test func `a test without a name gets a number`() {
        let tests = Self.tests("TAP version 14", "1..1", "ok 1")
        #expect(tests.results.map(\.name) == ["test 1"])
    }

    @Test(arguments: ["1..99999999999999999999", "1..-1", "1..", "ok", "okay 1 x", "  ok 1 nested"])
    func `malformed lines are ignored`(_ line: String) {
        let tests = Self.tests("KTAP version 1", line)
        #expect(tests.results.isEmpty && tests.plannedCount == nil && tests.isSuccess)
    }

    @Test(
        arguments: [
            (
                ["KTAP version 1", "1..5"] + .init(repeating: "ok 1 a", count: 5),
                .wrongNumber(1, expected: 2)
            ),
            (["KTAP version 1", "1..2", "ok 2 b", "ok 1 a"], .wrongNumber(2, expected: 1)),
            (["KTAP version 1", "1..2", "ok 0 a", "ok 1 b"], .wrongNumber(0, expected: 1)),
            (["KTAP version 1", "1..1", "ok 1 a", "1..1"], .secondPlan(1, first: 1)),
            (["KTAP version 1", "1..1", "ok a"], .missingNumber),
            (["KTAP version 1", "1..1", "ok 99999999999999999999 a"], .missingNumber),
            (["KTAP version 1", "ok 1 a", "1..0 # SKIP"], .outsidePlan(1, planned: 0)),
            (["KTAP version 1", "ok 1 a"], nil),
            (["TAP version 13", "1..1", "ok"], nil),
            (["TAP version 13", "1..2", "ok 2", "ok 1"], .wrongNumber(2, expected: 1)),
            (["TAP version 14", "ok 2 - b", "ok 1 - a", "1..2"], nil),
            (["TAP version 14", "1..2", "ok 2 - b", "ok 2 - a"], .repeatedNumber(2)),
            (["TAP version 14", "1..2", "ok 1 - a", "ok 3 - b"], .outsidePlan(3, planned: 2)),
            (["TAP version 14", "ok 1 - a"], .missingPlan),
        ] as [([String], GuestTests.Violation?)])
    func `numbers and the plan are checked`(_ lines: [String], _ violation: GuestTests.Violation?) {
        var tests = GuestTests()
        for line in lines { tests.take(line, at: .zero) }
        #expect(tests.violation == violation)
        #expect(tests.isSuccess == (violation == nil), "\(tests.failureText)")
    }

    @Test(arguments: ["KTAP version 1", "TAP version 13", "TAP version 14"])
    func `a failure without a number and a name is a failure`(_ version: String) {
        let tests = Self.tests(version, "1..1", "not ok")
        #expect(tests.results.map(\.outcome) == [.failed] && !tests.isSuccess)
    }

    @Test func `results are kept up to a limit, and counted beyond it`() {
        var tests = GuestTests()
        tests.take("KTAP version 1", at: .zero)
        for number in 1...20_000 { tests.take("not ok \(number) x", at: .zero) }
        #expect(tests.results.count == 10_000 && tests.count == 20_000)
        #expect(tests.failedCount == 20_000)
    }
}
