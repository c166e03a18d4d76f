/// Removes from a guest's output what would change the user's terminal, except colours.
///
/// It passes text, tabs, line ends, backspaces and the sequences that select colours and styles
/// (ECMA-48, SGR), and drops all other control characters and sequences.
struct TerminalFilter {
    private enum State {
        case text
        /// In a character of UTF-8; this many bytes follow.
        case character(Int)
        /// After 0xC2, which starts the control characters U+0080–U+009F.
        case latin
        case escape
        /// In the sequence of a control function, with its bytes.
        case sequence([UInt8])
        /// In a string of the terminal, such as its title, until it ends.
        case string
    }

    /// The longest sequence that is passed, in bytes.
    private static let lengthLimit = 64
    /// Stands for the bytes of a longer one.
    private static let invalid: UInt8 = 0
    private static let escape: UInt8 = 0x1B
    /// Resets colours and styles.
    static let reset = "\u{1B}[0m".utf8

    private var state = State.text
    /// Whether colours or styles were selected and not reset.
    private(set) var isStyled = false

    /// Returns what remains of the next bytes.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.underestimatedCount)
        for byte in bytes {
            // Nearly all bytes are plain text.
            if case .text = state, (0x20..<0x7F).contains(byte) || byte == 0x0A {
                output.append(byte)
            } else {
                take(byte, &output)
            }
        }
        return output
    }

    private mutating func take(_ byte: UInt8, _ output: inout [UInt8]) {
        switch (state, byte) {
        case (_, Self.escape): state = .escape
        case (_, 0x08), (_, 0x0A), (_, 0x0D), (_, 0x09):
            if case .string = state, byte != 0x0A { return }
            state = .text
            output.append(byte)
        case (.string, 0x07): state = .text
        case (.string, _): break
        case (_, ..<0x20), (_, 0x7F): state = .text
        case (.escape, _): takeEscaped(byte)
        case (.sequence(let start), _): takeSequence(start + [byte], &output)
        case (.latin, 0xA0..<0xC0):
            state = .text
            output += [0xC2, byte]
        case (.character(let count), 0x80..<0xC0):
            state = count > 1 ? .character(count - 1) : .text
            output.append(byte)
        default: takeStart(byte, &output)
        }
    }

    /// Takes the first byte of a character.
    private mutating func takeStart(_ byte: UInt8, _ output: inout [UInt8]) {
        switch byte {
        case 0xC2: state = .latin
        case 0xC3..<0xE0: state = .character(1)
        case 0xE0..<0xF0: state = .character(2)
        case 0xF0...: state = .character(3)
        default: state = .text
        }
        // Alone, 0x80 to 0x9F are control characters of 8-bit terminals.
        if byte != 0xC2, !(0x80..<0xA0).contains(byte) { output.append(byte) }
    }

    private mutating func takeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "["): state = .sequence([])
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
            UInt8(ascii: "_"):
            state = .string
        // Intermediate bytes, such as those that select a character set.
        case 0x20..<0x30: state = .escape
        default: state = .text
        }
    }

    private mutating func takeSequence(_ bytes: [UInt8], _ output: inout [UInt8]) {
        guard let last = bytes.last, last >= 0x40 else {
            state = .sequence(bytes.count < Self.lengthLimit ? bytes : [Self.invalid])
            return
        }
        state = .text
        // Digits, colon and semicolon: `>` and `?` make it another function.
        guard last == UInt8(ascii: "m"),
            bytes.dropLast().allSatisfy({ (0x30..<0x3C).contains($0) })
        else { return }
        isStyled = bytes.count > 1 && bytes != Array("0m".utf8)
        output += [Self.escape, UInt8(ascii: "[")] + bytes
    }
}
