import ELFKit
import GuestKit
import HostSystem

/// Results as JUnit XML, which CI systems show: one suite per boot.
struct JUnitReport {
    func text(_ results: [TestResult]) -> String {
        let suites = results.map { suite($0) }
        let counts = results.map { TestCase.cases(of: $0) }.joined()
        let failures = counts.filter { $0.outcome == .failed }.count
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="\(counts.count)" failures="\(failures)">
            \(suites.joined(separator: "\n"))
            </testsuites>

            """
    }

    private func suite(_ result: TestResult) -> String {
        let cases = TestCase.cases(of: result)
        let name = TestText.title(result.boot)
        let failures = cases.filter { $0.outcome == .failed }.count
        let skipped = cases.filter { $0.outcome == .skipped }.count
        let lines = cases.map { line($0, in: name) }
        return """
              <testsuite name="\(Self.escaped(name))" tests="\(cases.count)" \
            failures="\(failures)" skipped="\(skipped)" time="\(Self.seconds(result.duration))">
            \(lines.joined(separator: "\n"))
                <system-out>\(Self.escaped(result.evidence.serialTail))</system-out>
                <system-err>\(Self.escaped(result.evidence.stderrLines))</system-err>
              </testsuite>
            """
    }

    private func line(_ test: TestCase, in suite: String) -> String {
        let start = """
                <testcase classname="\(Self.escaped(suite))" name="\(Self.escaped(test.name))" \
            time="\(Self.seconds(test.duration))"
            """
        switch test.outcome {
        case .passed: return start + "/>"
        case .skipped: return start + "><skipped/></testcase>"
        case .failed:
            return start + "><failure message=\"\(Self.escaped(test.message))\">"
                + "\(Self.escaped(test.remarks))</failure></testcase>"
        }
    }

    private static func seconds(_ duration: Duration) -> Substring {
        TestText.seconds(duration).dropLast(2)
    }

    private static func escaped(_ lines: [String]) -> String {
        lines.map(escaped).joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String { XML.escaped(text) }
}
