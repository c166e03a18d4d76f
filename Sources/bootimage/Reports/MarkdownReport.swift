import DiskImage
import GuestKit
import HostSystem

/// Results as a Markdown table, for the summary of a CI job.
struct MarkdownReport {
    func text(_ results: [TestResult]) -> String {
        let rows = results.map { result in
            let cells = [
                Self.mark(result), Self.code(result.boot.name),
                result.boot.starter.name, TestText.seconds(result.duration),
                Self.count(result.tests), Self.code(result.summary),
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        let head = [
            "**\(TestText.count(results))**", "", "| | Kernel | Firmware | Time | Tests | |",
            "|---|---|---|---|---|---|",
        ]
        return (head + rows + results.flatMap(details)).joined(separator: "\n") + "\n"
    }

    /// The skipped tests of a boot, and the last lines of one that failed, folded.
    private func details(_ result: TestResult) -> [String] {
        let title = TestText.title(result.boot)
        let skipped = result.tests.filter { $0.outcome == .skipped }.map { test in
            test.name + (test.skipReason.map { ": \($0)" } ?? "")
        }
        let tail = result.isPass ? [] : result.evidence.serialTail
        let log = tail.isEmpty ? [] : Self.folded(title, tail)
        return (skipped.isEmpty ? [] : Self.folded("\(title): skipped", skipped)) + log
    }

    private static func folded(_ title: String, _ lines: [String]) -> [String] {
        ["", "<details><summary>\(escaped(title))</summary>", ""]
            + lines.map { "    " + Console.oneLine($0) } + ["", "</details>"]
    }

    private static func mark(_ result: TestResult) -> String {
        if result.interrupt != nil { return "⏹️" }
        return result.isPass ? "✅" : "❌"
    }

    private static func count(_ tests: [GuestTests.Result]) -> String {
        let passed = tests.count { $0.outcome == .passed }
        let skipped = tests.count { $0.outcome == .skipped }
        if tests.isEmpty { return "" }
        return "\(passed) of \(tests.count)" + (skipped > 0 ? ", \(skipped) skipped" : "")
    }

    /// A code span, in which no link, mention or HTML counts (GFM, 6.3), in a cell of a table.
    private static func code(_ text: String) -> String {
        let text = Console.oneLine(text).replacing("|", with: "\\|")
        let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: longest + 1)
        return longest > 0 ? "\(fence) \(text) \(fence)" : fence + text + fence
    }

    /// Text in HTML.
    private static func escaped(_ text: String) -> String {
        Console.oneLine(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
