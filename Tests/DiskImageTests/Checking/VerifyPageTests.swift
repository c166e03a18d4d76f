import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// `docs/verify.md` states all rules in a table, with their severities, fields and remedies.
struct VerifyPageTests {
    private static func rows() throws -> [Substring] {
        let path = Project.root.appending("docs/verify.md").string
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    }

    @Test(arguments: ImageRule.allCases)
    func `the page has the rule`(_ rule: ImageRule) throws {
        let start = "| `\(rule)` | \(rule.severity.rawValue) | "
        let end = " | \(rule.field) | \(rule.remedy) |"
        let rows = try Self.rows().filter { $0.hasPrefix(start) && $0.hasSuffix(end) }
        #expect(rows.count == 1, "docs/verify.md needs this row:\n\(start)…\(end)")
        let statement = rows.first?.dropFirst(start.count).dropLast(end.count) ?? ""
        #expect(statement.count > 10 && !statement.contains("|"), "no rule: \(statement)")
    }

    @Test func `the page has no other rule`() throws {
        let count = try Self.rows().count { $0.hasPrefix("| `") && $0.contains("` | error |") }
        let warnings = try Self.rows().count {
            $0.hasPrefix("| `") && $0.contains("` | warning |")
        }
        #expect(count + warnings == ImageRule.allCases.count)
    }
}
