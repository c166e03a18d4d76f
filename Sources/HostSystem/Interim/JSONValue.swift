/// A JSON value (RFC 8259), its members in the order in which they are given.
package enum JSONValue {
    case null
    case bool(Bool)
    case number(UInt64)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// The value in lines, each level two spaces further in.
    package var text: String { text(indentation: "") }

    private func text(indentation: String) -> String {
        switch self {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .number(let value): return "\(value)"
        case .string(let value): return Self.quoted(value)
        case .array(let values):
            return Self.list("[", values.map { ("", $0) }, "]", indentation)
        case .object(let members):
            return Self.list(
                "{", members.map { (Self.quoted($0.key) + ": ", $0.value) }, "}", indentation)
        }
    }

    private static func list(
        _ start: String, _ items: [(label: String, value: JSONValue)], _ end: String,
        _ indentation: String
    ) -> String {
        if items.isEmpty { return start + end }
        let inner = indentation + "  "
        let lines = items.map { inner + $0.label + $0.value.text(indentation: inner) }
        return start + "\n" + lines.joined(separator: ",\n") + "\n" + indentation + end
    }

    /// Quotes, backslashes and control characters are escaped; so are those that end a line in
    /// some readers (U+2028, U+2029, U+0080–U+009F).
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}":
                "\\u" + String(scalar.value + 0x1_0000, radix: 16).dropFirst()
            default: String(scalar)
            }
        }
        return "\"" + scalars.joined() + "\""
    }
}
