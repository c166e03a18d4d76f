import DiskImage
import GuestKit
import HostSystem

/// Plans and results for people.
enum TestText {
    /// One line for a boot; for a failed one also its failed tests and last output.
    static func lines(_ result: TestResult, hasColors: Bool) -> [String] {
        let count = result.tests.count
        var line = "\(title(result.boot))  "
        line += seconds(result.duration)
        if result.isPass, count > 0 { line += "  \(count) test\(count == 1 ? "" : "s")" }
        if !result.isPass || result.verdict != .passed || result.attempts > 1 {
            line += "  " + result.summary
        }
        let word =
            result.isPass
            ? TextColor.green.text("ok", isShown: hasColors) + "    "
            : TextColor.red.text("FAILED", isShown: hasColors)
        let details = result.isPass ? [] : details(result)
        return ["\(word)  \(Console.oneLine(line))"] + details.map(Console.oneLine)
    }

    /// Each boot with its command line.
    static func plan(_ plan: TestPlan, _ commands: [GuestCommand]) -> String {
        zip(plan.boots, commands)
            .map { "\(Console.oneLine(title($0)))\n    \($1.shellLine)" }
            .joined(separator: "\n")
    }

    static func count(_ results: [TestResult], hasColors: Bool = false) -> String {
        let parts: [(count: Int, name: String, color: TextColor)] = [
            (results.passedCount, "passed", .green), (results.failedCount, "failed", .red),
            (results.interruptedCount, "interrupted", .yellow),
        ]
        return parts.filter { $0.count > 0 || $0.name != "interrupted" }.map { part in
            let text = "\(part.count) \(part.name)"
            return part.color.text(text, isShown: hasColors && part.count > 0)
        }.joined(separator: ", ")
    }

    static func title(_ boot: TestPlan.Boot) -> String {
        "\(boot.name) (\(boot.starter.name))"
    }

    static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        let fraction = String(1000 + milliseconds % 1000).dropFirst().prefix(2)
        return "\(milliseconds / 1000).\(fraction) s"
    }

    private static func details(_ result: TestResult) -> [String] {
        let tests = result.tests.filter { $0.outcome == .failed }.flatMap { test in
            ["        not ok: \(test.name)"] + test.remarks.map { "            \($0)" }
        }
        let serial = result.evidence.serialTail.map { "        | \($0)" }
        let stderrLines = result.evidence.stderrLines.map { "        QEMU: \($0)" }
        return tests + serial + stderrLines
    }
}

extension [TestResult] {
    var passedCount: Int { count(where: \.isPass) }
    var failedCount: Int { count - passedCount - interruptedCount }
    var interruptedCount: Int { count { $0.interrupt != nil } }

    /// The signal that interrupted the command.
    var interrupt: Int32? { lazy.compactMap(\.interrupt).first }
}
