import Foundation
import HostSystem
import Testing

/// How reports become JSON.
struct JSONTests {
    private struct Report: Encodable {
        enum Kind: String, Encodable { case disk }

        var size = UInt64.max
        var label: String?
        var count: Int?
        var isSigned: Bool?
        var nested: [[UInt8]?] = [[1, 2], nil, []]
        var kind = Kind.disk
    }

    private struct Members: Encodable {
        func encode(to encoder: any Encoder) throws {
            let label: String? = nil
            try encoder.encode(["z": 1, "label": label, "a": true, "none": nil, "empty": Empty()])
        }
    }

    private struct Empty: Encodable {}

    @Test func `members keep their order, and missing values are null`() {
        #expect(
            JSON.text(Report()) == """
                {
                  "size": 18446744073709551615,
                  "label": null,
                  "count": null,
                  "isSigned": null,
                  "nested": [
                    [
                      1,
                      2
                    ],
                    null,
                    []
                  ],
                  "kind": "disk"
                }
                """)
        #expect(
            JSON.text([Members()]) == """
                [
                  {
                    "z": 1,
                    "label": null,
                    "a": true,
                    "none": null,
                    "empty": {}
                  }
                ]
                """)
    }

    @Test func `the standard encoder sees the same members`() throws {
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Members()))
        let members = try #require(object as? [String: Any])
        #expect(Set(members.keys) == ["z", "label", "a", "none", "empty"])
        #expect(members["label"] is NSNull && members["none"] is NSNull)
    }

    @Test func `JSON is valid for any text`() throws {
        let scalars = (0...0x2100).compactMap { Unicode.Scalar($0 as Int) }
        for scalar in scalars + ["\u{FFFD}", "\u{1F600}"] {
            let value = ["\(scalar)a": ["b\(scalar)", nil]]
            let text = JSON.text(value)
            #expect(text.split(separator: "\n").count == 6)
            let decoded = try JSONDecoder().decode([String: [String?]].self, from: Data(text.utf8))
            #expect(decoded == value)
        }
    }
}
