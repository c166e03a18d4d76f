import HostSystem
import SystemPackage
import Testing

/// Names as text and back.
struct PathTextTests {
    @Test(
        arguments: [
            [], Array("a/b.elf".utf8), Array("größe/内核".utf8), [0xE9], [0x61, 0xE9, 0x2E, 0x65],
            Array(0x80...0xFF), [0xC3], [0xC3, 0x28], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80],
            Array("\u{10FF80}".utf8), Array("a\u{10FFFF}\u{FFFD}".utf8), [0xC0, 0xAF],
        ] as [[UInt8]])
    func `text keeps every byte`(_ bytes: [UInt8]) {
        let text = String(pathBytes: bytes)
        #expect(text.pathBytes == bytes)
        let path = FilePath(text: text)
        #expect(path.text.pathBytes == bytes)
        #expect("\(path)" == text)
        let isText = String(validating: bytes, as: UTF8.self) == text
        #expect(isText == (text.showingPathBytes == text))
    }

    @Test func `different bytes are different text`() {
        let scalar = Array("\u{10FFE9}".utf8)
        #expect(String(pathBytes: [0xE9]) != String(pathBytes: scalar))
        #expect(String(pathBytes: scalar).showingPathBytes == #"\xF4\x8F\xBF\xA9"#)
    }

    @Test(arguments: [
        ("k\u{10FFE9}.elf", "k\u{10FFE9}"), (".elf", ".elf"), ("k\u{10FFE9}", "k\u{10FFE9}"),
        ("a.b.c", "a.b"), ("a.", "a"), ("/", "/"),
    ])
    func `a stem is the name without its extension`(_ text: String, _ stem: String) {
        #expect(FilePath(text: text).stemText == stem)
    }

    @Test func `a shell reads the bytes from quotes`() {
        #expect("k\u{10FFE9}.elf".shellQuoted == #"$'k\xE9.elf'"#)
        #expect("a'\\\u{10FFE9}".shellQuoted == #"$'a\'\\\xE9'"#)
    }
}
