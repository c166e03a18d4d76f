import Testing

@testable import ELFKit
@testable import FlashKit
@testable import bootimage

/// TOML 1.0.0 as settings need it: the examples are the specification's kinds of things.
struct TOMLReaderTests {
    @Test(arguments: [
        (#""a\tb\\\"\u0041\U0001F600""#, "a\tb\\\"A😀"), ("'C:\\a'", "C:\\a"), ("\"\"", ""),
        ("\"\"\"\nfirst\nsecond\"\"\"", "first\nsecond"), ("'''\r\na\\'''", "a\\"),
        ("\"\"\"a \\\n   \n  b\"\"\"", "a b"), ("\"\"\"\"a\"\"\"\"\"", "\"a\"\""), ("''", ""),
        ("\"é # no comment\" # one", "é # no comment"),
    ])
    func `texts`(_ text: String, _ value: String) throws {
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

    @Test func `lists of tables grow by their headers`() throws {
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
        #expect(texts == ["b=1", "c={d=2} e=a list"])
    }

    private static func text(_ entries: [TOMLEntry]) -> String {
        entries.map { entry in
            if case .table(let inner) = entry.value { return "\(entry.key)={\(text(inner))}" }
            return "\(entry.key)=\(entry.value.description)"
        }.joined(separator: " ")
    }

    @Test(arguments: [
        ("a", 1, "“=” is missing"), ("= 1", 1, "a key is missing"),
        ("a =", 1, "a value is missing"),
        ("a = b", 1, "a value is missing"), ("a = 1 b = 2", 1, "a line has one setting"),
        ("a = [}]", 1, "a value is missing"), ("[,]", 1, "a key is missing"),
        ("[a", 1, "“]” is missing"), ("[]", 1, "a key is missing"),
        ("[[a]", 1, "“]]” is missing"), ("[[a] ]", 1, "“]]” is missing"),
        ("a = [{}]\n[[a]]", 2, "and no list"), ("[a]\n[[a]]", 2, "and no list"),
        ("[[a]]\n[a]", 2, "is there already"), ("[[a]]\nb = 1\nb = 2", 3, "“a.b” is there"),
        ("[a] b = 1", 1, "a line has one setting"), ("\na = 1\na = 2", 3, "“a” is there already"),
        ("[a]\n[b]\n[a]", 3, "“a” is there already"), ("a = 1\n[a]", 2, "is there already"),
        ("a = 1\na.b = 2", 2, "“a.b” is there already"), ("a = {b = 1, b = 2}", 1, "“b” is there"),
        ("a = {b = 1,}", 1, "a comma ends a table"), ("a = {b = 1", 1, "“}” is missing"),
        ("a = [1 2]", 1, "“]” is missing"), ("a = [1,\n2\nb = 3", 3, "“]” is missing"),
        ("a = \"b\nc\"", 1, "a text has no end"), ("a = '''b\n\n", 3, "a text has no end"),
        (#"a = "\x""#, 1, "“\\x” stands for nothing"), (#"a = "\ud800""#, 1, "is no character"),
        (#"a = "\u00""#, 1, "is no character"), ("a = \"\u{1}\"", 1, "a control character"),
        ("# \u{0}", 1, "a control character"), ("\"\"\"a\"\"\" = 1", 1, "a key has one line"),
        ("a = " + String(repeating: "[", count: 100), 1, "too deep"), ("a.b. = 1", 1, "a key is"),
        ("a = +true", 1, ""), ("\u{FEFF}a = 1", 1, "a key is missing"),
    ])
    func `what is no TOML is told with its line`(_ text: String, _ line: Int, _ words: String) {
        do throws(TOMLError) {
            let entries = try TOMLReader.read(text)
            // A word like a number is left to whoever knows the key.
            #expect(words.isEmpty && entries.count == 1)
        } catch {
            #expect(error.line == line && error.cause.contains(words), "\(error)")
        }
    }
}
