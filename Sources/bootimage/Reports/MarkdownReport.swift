import DiskImage
import GuestKit
import HostSystem

/// Results as a Markdown table, for the summary of a CI job.
struct MarkdownReport {
    func text(_ results: [TestResult]) -> String {
        let rows = results.map { result in
            let cells = [
                result.isPass ? "✅" : "❌", Self.code(result.boot.name),
                result.boot.firmware.rawValue, TestText.seconds(result.duration),
                Self.count(result.tests), Self.code(result.summary),
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        let head = [
            "**\(TestText.count(results))**", "", "| | Kernel | Firmware | Time | Tests | |",
            "|---|---|---|---|---|---|",
        ]
        return (head + rows + logs(results)).joined(separator: "\n") + "\n"
    }

    /// The last lines of each failed boot, folded.
    private func logs(_ results: [TestResult]) -> [String] {
        results.filter { !$0.isPass }.flatMap { result in
            [
                "", "<details><summary>\(Self.escaped(TestText.title(result.boot)))</summary>", "",
            ] + result.evidence.serialTail.map { "    " + Console.oneLine($0) }
                + ["", "</details>"]
        }
    }

    private static func count(_ tests: [GuestTests.Result]) -> String {
        let failed = tests.filter { $0.outcome == .failed }.count
        return tests.isEmpty ? "" : "\(tests.count - failed) of \(tests.count)"
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
