import Libc

/// Splits a guest's terminal output into lines, in bounded memory, and removes control sequences.
struct TerminalLines {
    /// The maximum length of a line in bytes; the rest is dropped.
    static let byteLimit = 4096

    /// The start of the line that has not ended.
    private var line: [UInt8] = []

    /// Passes each complete line to `body`.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ body: (String) -> Void) {
        var rest = bytes
        while let start = rest.baseAddress, let end = memchr(start, 0x0A, rest.count) {
            let count = UnsafeRawPointer(end) - start
            append(UnsafeRawBufferPointer(start: start, count: count))
            flush(body)
            rest = UnsafeRawBufferPointer(rebasing: rest[(count + 1)...])
        }
        append(rest)
    }

    /// Passes the text after the last line feed to `body`, if there is any.
    mutating func finish(_ body: (String) -> Void) {
        if !line.isEmpty { flush(body) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let count = min(bytes.count, Self.byteLimit - line.count)
        line.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }

    private mutating func flush(_ body: (String) -> Void) {
        let text = String(decoding: line, as: UTF8.self)
        let isPlain = [0x0D, 0x1B].allSatisfy { memchr(line, $0, line.count) == nil }
        line.removeAll(keepingCapacity: true)
        body(isPlain ? text : Self.withoutControls(text))
    }

    /// Removes escape sequences (ECMA-48, 5.4) and control characters except tabs.
    private static func withoutControls(_ text: String) -> String {
        enum State { case text, escape, sequence }
        var state = State.text
        let bytes = text.utf8.filter { byte in
            switch state {
            case .text where byte == 0x1B: state = .escape
            case .text: return byte >= 0x20 || byte == 0x09
            case .escape: state = byte == UInt8(ascii: "[") ? .sequence : .text
            case .sequence: if byte >= 0x40 { state = .text }
            }
            return false
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
