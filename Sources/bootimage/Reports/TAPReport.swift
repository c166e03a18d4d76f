import GuestKit
import HostSystem

/// Results as TAP version 14, with the guests' own tests as subtests.
struct TAPReport {
    func text(_ results: [TestResult]) -> String {
        let lines = results.enumerated().flatMap { index, result in
            self.lines(result, number: index + 1)
        }
        let end = results.interrupt.map { ["Bail out! interrupted by signal \($0)"] } ?? []
        return (["TAP version 14", "1..\(results.count)"] + lines + end).joined(separator: "\n")
    }

    private func lines(_ result: TestResult, number: Int) -> [String] {
        let title = Self.escaped(TestText.title(result.boot))
        var lines: [String] = []
        if !result.tests.isEmpty {
            let cases = TestCase.cases(of: result)
            lines += ["# Subtest: \(title)", "    1..\(cases.count)"]
            lines += cases.enumerated().flatMap { index, test in
                [Self.line(test, number: index + 1)]
                    + test.remarks.map { "    # \(Console.oneLine($0))" }
            }
        }
        if result.interrupt != nil {
            return lines + ["ok \(number) - \(title) # SKIP \(Console.oneLine(result.summary))"]
        }
        lines.append("\(result.isPass ? "ok" : "not ok") \(number) - \(title)")
        if !result.isPass {
            let tail = result.evidence.serialTail.map { "    - \(Self.quoted($0))" }
            lines += ["  ---", "  message: \(Self.quoted(result.summary))"]
            lines.append("  verdict: \(result.verdict.name)")
            if !tail.isEmpty { lines += ["  serial:"] + tail }
            lines += ["  ..."]
        }
        return lines
    }

    private static func line(_ test: TestCase, number: Int) -> String {
        let result = test.outcome == .failed ? "not ok" : "ok"
        let reason = test.message.isEmpty ? "" : " \(Console.oneLine(test.message))"
        let directive = test.outcome == .skipped ? " # SKIP\(reason)" : ""
        return "    \(result) \(number) - \(escaped(test.name))\(directive)"
    }

    /// A string in YAML.
    private static func quoted(_ text: String) -> String {
        Console.withoutMarkers(json: JSON.text(text))
    }

    /// Escapes a name: a number sign would start a directive.
    private static func escaped(_ name: String) -> String {
        Console.oneLine(name).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }
}
