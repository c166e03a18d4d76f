import Testing

@testable import Settings

/// TOML 1.0.0: the examples are the specification's kinds of values.
struct TOMLReaderTests {
    @Test(arguments: [
        (#""a\tb\\\"\u0041\U0001F600""#, "a\tb\\\"A😀"), ("'C:\\a'", "C:\\a"), ("\"\"", ""),
        ("\"\"\"\nfirst\nsecond\"\"\"", "first\nsecond"), ("'''\r\na\\'''", "a\\"),
        ("\"\"\"a \\\n   \n  b\"\"\"", "a b"), ("\"\"\"\"a\"\"\"\"\"", "\"a\"\""), ("''", ""),
        ("\"é # no comment\" # one", "é # no comment"),
    ])
    func `strings`(_ text: String, _ value: String) throws {
        #expect(try TOMLReader.read("a = \(text)").map(\.value) == [.string(value)])
    }

    @Test(
        arguments: [
            ("17", .integer(17)), ("+0", .integer(0)), ("-1_000", .integer(-1000)),
            ("0xdead_BEEF", .integer(0xDEAD_BEEF)), ("0o17", .integer(15)), ("0b101", .integer(5)),
            ("true", .boolean(true)), ("false", .boolean(false)), ("1.5", .other("1.5")),
            ("1979-05-27T07:32:00Z", .other("1979-05-27T07:32:00Z")), ("inf", .other("inf")),
            ("010", .other("010")), ("1__0", .other("1__0")), ("0x-1", .other("0x-1")),
            ("99999999999999999999", .other("99999999999999999999")), ("[]", .array([])),
            ("[ 1,\n # two\n 2, ]", .array([.integer(1), .integer(2)])),
            ("[[true], ['x']]", .array([.array([.boolean(true)]), .array([.string("x")])])),
            ("{}", .table([])),
        ] as [(String, TOMLValue)])
    func `values`(_ text: String, _ value: TOMLValue) throws {
        #expect(try TOMLReader.read("a = \(text)\n").map(\.value) == [value])
    }

    @Test func `keys have their tables and lines`() throws {
        let text =
            "a = 1\r\n\n\"b c\".d = 2\n'b c'.e = 3\n[f.g]\nh = { i.j = 4, k = 5 }\n[f]\nl = 6"
        let read = try TOMLReader.read(text)
        #expect(read.map(\.key) == ["a", "b c", "f"])
        #expect(read.map(\.line) == [1, 3, 5])
        #expect(Self.text(read) == "a=1 b c={d=2 e=3} f={g={h={i={j=4} k=5}} l=6}")
    }

    @Test func `arrays of tables grow by their headers`() throws {
        let read = try TOMLReader.read("[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]\n[[a.e]]\nf = 3")
        let list = try #require(read.first?.value)
        guard case .array(let tables) = list else {
            Issue.record("\(list)")
            return
        }
        let texts = tables.map { table in
            if case .table(let entries) = table { return Self.text(entries) }
            return ""
        }
        #expect(texts == ["b=1", "c={d=2} e=an array"])
    }

    private static func text(_ entries: [TOMLEntry]) -> String {
        entries.map { entry in
            if case .table(let inner) = entry.value { return "\(entry.key)={\(text(inner))}" }
            return "\(entry.key)=\(entry.value.description)"
        }.joined(separator: " ")
    }

    @Test(
        arguments: [
            ("a", 1, .missing("=", .afterKey)), ("= 1", 1, .missingKey), ("a =", 1, .missingValue),
            ("a = b", 1, .missingValue), ("a = 1 b = 2", 1, .trailingText),
            ("a = [}]", 1, .missingValue), ("[,]", 1, .missingKey),
            ("[a", 1, .missing("]", .afterTableName)), ("[]", 1, .missingKey),
            ("[[a]", 1, .missing("]]", .afterTableName)),
            ("[[a] ]", 1, .missing("]]", .afterTableName)),
            ("a = [{}]\n[[a]]", 2, .notAnArray("a")), ("[a]\n[[a]]", 2, .notAnArray("a")),
            ("[[a]]\n[a]", 2, .alreadyDefined("a")),
            ("[[a]]\nb = 1\nb = 2", 3, .alreadyDefined("a.b")), ("[a] b = 1", 1, .trailingText),
            ("\na = 1\na = 2", 3, .alreadyDefined("a")),
            ("[a]\n[b]\n[a]", 3, .alreadyDefined("a")),
            ("a = 1\n[a]", 2, .alreadyDefined("a")), ("a = 1\na.b = 2", 2, .alreadyDefined("a.b")),
            ("a = {b = 1, b = 2}", 1, .alreadyDefined("b")), ("a = {b = 1,}", 1, .trailingComma),
            ("a = {b = 1", 1, .missing("}", .orCommaAfterElement)),
            ("a = [1 2]", 1, .missing("]", .orCommaAfterElement)),
            ("a = [1,\n2\nb = 3", 3, .missing("]", .orCommaAfterElement)),
            ("a = \"b\nc\"", 1, .unterminatedString),
            ("a = '''b\n\n", 3, .unterminatedString),
            (#"a = "\x""#, 1, .invalidEscape(#"\x"#)),
            (#"a = "\ud800""#, 1, .invalidEscape(#"\ud800"#)),
            (#"a = "\u00""#, 1, .invalidEscape(#"\u00""#)),
            ("a = \"\u{1}\"", 1, .controlCharacter), ("# \u{0}", 1, .controlCharacter),
            ("\"\"\"a\"\"\" = 1", 1, .multilineKey),
            ("a = " + String(repeating: "[", count: 100), 1, .tooDeep),
            ("a.b. = 1", 1, .missingKey),
            ("\u{FEFF}a = 1", 1, .missingKey),
        ] as [(String, Int, TOMLError.Problem)])
    func `a syntax error is reported with its line`(
        _ text: String, _ line: Int, _ problem: TOMLError.Problem
    ) {
        #expect(throws: TOMLError(line: line, problem: problem)) { try TOMLReader.read(text) }
    }

    @Test func `a malformed number is left to the key's own check`() throws {
        #expect(try TOMLReader.read("a = +true").map(\.value) == [.other("+true")])
    }
}
