import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit

/// `docs/manifest.md`, its schema and `docs/formats.md` have what the code has.
struct ManifestPageTests {
    private static func page(_ name: String) throws -> String {
        try String(
            contentsOfFile: Project.root.appending("docs").appending(name).string, encoding: .utf8)
    }

    /// A JSON schema, as far as it names keys and words.
    private struct Schema: Decodable {
        var properties: [String: Schema]?
        var definitions: [String: Schema]?
        var `enum`: [JSONWord]?

        /// Every key that an object may have.
        var keys: Set<String> {
            var keys = Set((properties ?? [:]).keys)
            for schema in (properties ?? [:]).values { keys.formUnion(schema.keys) }
            for schema in (definitions ?? [:]).values { keys.formUnion(schema.keys) }
            return keys
        }
    }

    /// A word, or something else.
    private struct JSONWord: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    private static func schema() throws -> Schema {
        try JSONDecoder().decode(
            Schema.self, from: Data(try page("manifest.schema.json").utf8))
    }

    /// Those of segments and of the boot configuration are on the page of `inspect`.
    @Test func `the page has every key of the schema`() throws {
        let pages = try Self.page("manifest.md") + Self.page("inspect.md")
        let keys = try Self.schema().keys
        #expect(keys.count > 30)
        for key in keys.sorted() { #expect(pages.contains("`\(key)`"), "\(key)") }
    }

    @Test func `the schema has every word`() throws {
        let definitions = try #require(try Self.schema().definitions)
        let words = { (object: String, key: String) in
            definitions[object]?.properties?[key]?.enum?.compactMap(\.text)
        }
        #expect(words("output", "format") == ImageFormat.allCases.map(\.rawValue))
        #expect(words("output", "compression") == Compression.allCases.map(\.rawValue))
        let kinds = ImageKind.forFirmware + Board.allCases.map { ImageKind($0) }
        #expect(words("output", "firmware") == kinds.map(\.rawValue))
        #expect(words("image", "firmware") == kinds.map(\.rawValue))
    }

    @Test func `the page has every format and compression`() throws {
        let page = try Self.page("formats.md")
        for format in ImageFormat.allCases {
            #expect(page.contains("\n| `\(format.rawValue)` | `"), "\(format)")
        }
        for compression in Compression.allCases {
            #expect(page.contains("`.\(compression.fileExtension)`"), "\(compression)")
        }
    }
}
