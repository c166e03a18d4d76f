import Testing

@testable import GuestKit

/// What a guest may write to the user's terminal.
struct TerminalFilterTests {
    @Test(arguments: [
        ("plain\ttext\r\n", "plain\ttext\r\n"),
        ("a\u{8}b", "a\u{8}b"),
        (
            "\u{1B}[31mred\u{1B}[0m \u{1B}[1;38:5:208mbold",
            "\u{1B}[31mred\u{1B}[0m \u{1B}[1;38:5:208mbold"
        ),
        ("\u{1B}[2J\u{1B}[01;01Hclean", "clean"),
        ("\u{1B}[?1049h\u{1B}[>4;1m\u{1B}[5nx", "x"),
        ("\u{1B}]0;title\u{7}x", "x"),
        ("\u{1B}]52;c;aGk=\u{1B}\\x", "x"),
        ("\u{1B}Pq\u{1B}\\x\u{1B}_y\u{1B}\\z", "xz"),
        ("\u{1B}]never ended\nx", "\nx"),
        ("\u{1B}(0x\u{1B}cy\u{1B}7z", "xyz"),
        ("\u{9B}2Jx\u{9D}y", "2Jxy"),
        ("a\u{7}b\u{0}c\u{7F}d\u{E}", "abcd"),
        ("\u{1B}[3\n1m", "\n1m"),
        ("über 日本 🦀", "über 日本 🦀"),
        ("\u{1B}[" + String(repeating: "1;", count: 100) + "m!", "!"),
    ])
    func `only text and colours pass, in pieces of any length`(_ input: String, _ output: String) {
        let bytes = Array(input.utf8)
        for size in 1...bytes.count {
            var filter = TerminalFilter()
            var result: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                result += filter.take(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(String(decoding: result, as: UTF8.self) == output)
        }
    }

    @Test func `control characters of 8-bit terminals are dropped`() {
        var filter = TerminalFilter()
        #expect(
            filter.take([0x9B, 0x32, 0x4A, 0xE4, 0x9B, 0xA4]) == [0x32, 0x4A, 0xE4, 0x9B, 0xA4])
        #expect(filter.take([0xC2, 0x9B, 0xC2, 0xA9]) == [0xC2, 0xA9])
    }

    @Test func `a style that the guest leaves is known`() {
        var filter = TerminalFilter()
        _ = filter.take("\u{1B}[31m".utf8)
        #expect(filter.isStyled)
        _ = filter.take("\u{1B}[0m".utf8)
        #expect(!filter.isStyled)
    }
}
