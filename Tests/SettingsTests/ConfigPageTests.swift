import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Settings

/// `docs/config.md` lists every key, and its example is valid.
struct ConfigPageTests {
    private static func page() throws -> String {
        try String(
            contentsOfFile: Project.root.appending("docs/config.md").string, encoding: .utf8)
    }

    @Test(arguments: SettingKey.allCases)
    func `the page lists the key`(_ key: SettingKey) throws {
        let rows = try Self.page().split(separator: "\n")
        #expect(rows.count { $0.hasPrefix("| `\(key.rawValue)` |") } == 1)
    }

    @Test func `the page lists no other key, and its example is valid`() throws {
        let page = try Self.page()
        let keys = page.split(separator: "\n").count { $0.hasPrefix("| `") }
        #expect(keys == SettingKey.allCases.count)
        let start = try #require(page.firstRange(of: "```toml\n")).upperBound
        let example = page[start...].prefix { $0 != "`" }
        #expect(try SettingsFile(String(example), path: "f").entries.count == 8)
    }
}
