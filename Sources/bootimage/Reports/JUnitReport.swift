import GuestKit

/// Results as JUnit XML, which CI systems show: one suite per boot.
struct JUnitReport {
    func text(_ results: [TestResult]) -> String {
        let cases = results.flatMap(TestCase.cases)
        let failures = cases.count { $0.outcome == .failed }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="\(cases.count)" failures="\(failures)">
            \(results.map(suite).joined(separator: "\n"))
            </testsuites>

            """
    }

    private func suite(_ result: TestResult) -> String {
        let cases = TestCase.cases(of: result)
        let name = TestText.title(result.boot)
        let failures = cases.count { $0.outcome == .failed }
        let skipped = cases.count { $0.outcome == .skipped }
        let lines = cases.map { line($0, in: name) }
        return """
              <testsuite name="\(name.xmlEscaped)" tests="\(cases.count)" \
            failures="\(failures)" skipped="\(skipped)" time="\(Self.seconds(result.duration))">
            \(lines.joined(separator: "\n"))
                <system-out>\(Self.escaped(result.evidence.serialTail))</system-out>
                <system-err>\(Self.escaped(result.evidence.stderrLines))</system-err>
              </testsuite>
            """
    }

    private func line(_ test: TestCase, in suite: String) -> String {
        let start = """
                <testcase classname="\(suite.xmlEscaped)" name="\(test.name.xmlEscaped)" \
            time="\(Self.seconds(test.duration))"
            """
        switch test.outcome {
        case .passed: return start + "/>"
        case .skipped:
            let reason = test.message.isEmpty ? "" : " message=\"\(test.message.xmlEscaped)\""
            return start + "><skipped\(reason)/></testcase>"
        case .failed:
            return start + "><failure message=\"\(test.message.xmlEscaped)\">"
                + "\(Self.escaped(test.remarks))</failure></testcase>"
        }
    }

    private static func seconds(_ duration: Duration) -> Substring {
        TestText.seconds(duration).dropLast(2)
    }

    private static func escaped(_ lines: [String]) -> String {
        lines.map(\.xmlEscaped).joined(separator: "\n")
    }
}
