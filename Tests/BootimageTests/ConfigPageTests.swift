import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ELFKit
@testable import bootimage

/// `docs/config.md` has every key, and its example can be read.
struct ConfigPageTests {
    private static func page() throws -> String {
        try String(
            contentsOfFile: Project.root.appending("docs/config.md").string, encoding: .utf8)
    }

    @Test(arguments: SettingKey.allCases)
    func `the page has the key`(_ key: SettingKey) throws {
        let rows = try Self.page().split(separator: "\n")
        #expect(rows.count { $0.hasPrefix("| `\(key.rawValue)` |") } == 1)
    }

    @Test func `the page has no other key, and its example is right`() throws {
        let page = try Self.page()
        let keys = page.split(separator: "\n").count { $0.hasPrefix("| `") }
        #expect(keys == SettingKey.allCases.count)
        let start = try #require(page.firstRange(of: "```toml\n")).upperBound
        let example = page[start...].prefix { $0 != "`" }
        #expect(try SettingsFile(String(example), path: "f").entries.count == 8)
    }
}
