/// Parses the part of JSON (RFC 8259) that boot.json needs: objects, strings without escapes, whole
/// numbers, `true`, `false` and `null`.
struct JSONReader {
    private let text: PhysicalMemory
    private var offset: UInt64 = 0

    init(_ text: PhysicalMemory) { self.text = text }

    /// The next byte, 0 at the end: no valid text has a zero byte.
    private var next: UInt8 { offset < text.byteCount ? text[offset] : 0 }

    /// Reads an object and calls `body` with each key; `body` reads the value.
    mutating func object(
        _ body: (JSONText, inout JSONReader) throws(BootError) -> Void
    ) throws(BootError) {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try body(key, &self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Reads a string without escapes.
    @inline(never)
    mutating func string() throws(BootError) -> JSONText {
        try expect(UInt8(ascii: "\""))
        let start = offset
        while next != UInt8(ascii: "\"") {
            guard next != UInt8(ascii: "\\"), next >= 0x20 else { throw invalid() }
            offset += 1
        }
        let string = JSONText(bytes: text[start..<offset])
        try expect(UInt8(ascii: "\""))
        return string
    }

    /// Reads a number without sign, fraction or exponent.
    @inline(never)
    mutating func number() throws(BootError) -> UInt64 {
        skipSpace()
        let start = offset
        var value: UInt64 = 0
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(UInt64(next - UInt8(ascii: "0")))
            guard !isTooLarge, !overflows else { throw invalid() }
            value = sum
            offset += 1
        }
        guard offset > start else { throw invalid() }
        return value
    }

    /// Reads a number or `null`.
    @inline(never)
    mutating func optionalNumber() throws(BootError) -> UInt64? {
        skipSpace()
        guard next == UInt8(ascii: "n") else { return try number() }
        try expect("null")
        return nil
    }

    @inline(never)
    mutating func boolean() throws(BootError) -> Bool {
        skipSpace()
        let isTrue = next == UInt8(ascii: "t")
        try expect(isTrue ? "true" : "false")
        return isTrue
    }

    mutating func isAtString() -> Bool {
        skipSpace()
        return next == UInt8(ascii: "\"")
    }

    /// Refuses anything but white space up to the end.
    mutating func end() throws(BootError) {
        skipSpace()
        guard offset == text.byteCount else { throw invalid() }
    }

    @inline(never)
    func invalid() -> BootError {
        BootError(.settings, "unexpected text at byte", count: offset)
    }

    @inline(never)
    private mutating func expect(_ word: Text) throws(BootError) {
        var index = 0
        while word[index] != 0 {
            guard next == word[index] else { throw invalid() }
            offset += 1
            index += 1
        }
    }

    @inline(never)
    private mutating func expect(_ character: UInt8) throws(BootError) {
        guard take(character) else { throw invalid() }
    }

    @inline(never)
    private mutating func take(_ character: UInt8) -> Bool {
        skipSpace()
        guard next == character else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while next == 0x20 || (0x09...0x0D).contains(next) { offset += 1 }
    }
}

/// A string's characters, where they are in the file.
struct JSONText {
    fileprivate let bytes: PhysicalMemory

    @inline(never)
    static func == (string: JSONText, word: Text) -> Bool {
        for index in 0..<string.bytes.byteCount
        where word[Int(index)] == 0 || word[Int(index)] != string.bytes[index] { return false }
        return word[Int(string.bytes.byteCount)] == 0
    }
}
