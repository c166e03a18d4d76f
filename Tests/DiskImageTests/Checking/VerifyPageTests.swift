import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `docs/verify.md` is the table of all rules.
struct VerifyPageTests {
    private static func rows() throws -> [Substring] {
        let path = Project.root.appending("docs/verify.md").string
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    }

    @Test(arguments: ImageRule.allCases)
    func `the page has the rule`(_ rule: ImageRule) throws {
        let row =
            "| `\(rule)` | \(rule.severity.rawValue) | \(rule.statement) | \(rule.field) "
            + "| \(rule.remedy) |"
        #expect(try Self.rows().count { $0 == row } == 1, "docs/verify.md needs this row:\n\(row)")
    }

    @Test func `the page has no other rule`() throws {
        let count = try Self.rows().count { $0.hasPrefix("| `") && $0.contains("` | error |") }
        let warnings = try Self.rows().count {
            $0.hasPrefix("| `") && $0.contains("` | warning |")
        }
        #expect(count + warnings == ImageRule.allCases.count)
    }
}
