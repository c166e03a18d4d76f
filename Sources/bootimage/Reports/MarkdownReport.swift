import DiskImage
import GuestKit
import HostSystem

/// Results as a Markdown table, for the summary of a CI job.
struct MarkdownReport {
    func text(_ results: [TestResult]) -> String {
        let rows = results.map { result in
            let cells = [
                result.isPass ? "✅" : "❌", result.boot.name, result.boot.firmware.rawValue,
                TestText.seconds(result.duration), Self.count(result.tests),
                result.summary,
            ]
            return "| \(cells.map(Self.escaped).joined(separator: " | ")) |"
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

    private static func escaped(_ text: String) -> String {
        Console.oneLine(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing("|", with: "\\|")
    }
}
