/// Reads JSON text (RFC 8259) front to back, as much of it as boot.json needs.
///
/// That is objects, strings without escapes, whole numbers, `true`, `false` and `null`.
struct JSONReader {
    private let text: UnsafeRawBufferPointer
    private var offset = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

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

    /// Reads a string; one with an escape is refused.
    @inline(never)
    mutating func string() throws(BootError) -> JSONText {
        try expect(UInt8(ascii: "\""))
        let start = offset
        while offset < text.count, text[offset] != UInt8(ascii: "\"") {
            guard text[offset] != UInt8(ascii: "\\"), text[offset] >= 0x20 else { throw invalid() }
            offset += 1
        }
        let bytes = UnsafeRawBufferPointer(rebasing: text[start..<offset])
        try expect(UInt8(ascii: "\""))
        return JSONText(bytes: bytes)
    }

    /// Reads a number without sign, fraction or exponent.
    @inline(never)
    mutating func number() throws(BootError) -> UInt64 {
        skipSpace()
        let start = offset
        var value: UInt64 = 0
        while offset < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[offset]) {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(
                UInt64(text[offset] - UInt8(ascii: "0")))
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
        guard offset < text.count, text[offset] == UInt8(ascii: "n") else { return try number() }
        try expect("null")
        return nil
    }

    @inline(never)
    mutating func boolean() throws(BootError) -> Bool {
        skipSpace()
        let isTrue = offset < text.count && text[offset] == UInt8(ascii: "t")
        try expect(isTrue ? "true" : "false")
        return isTrue
    }

    /// Whether the next value is a string.
    mutating func isAtString() -> Bool {
        skipSpace()
        return offset < text.count && text[offset] == UInt8(ascii: "\"")
    }

    /// Refuses anything but space up to the end.
    mutating func end() throws(BootError) {
        skipSpace()
        guard offset == text.count else { throw invalid() }
    }

    /// Something that does not belong at this place.
    @inline(never)
    func invalid() -> BootError {
        BootError(.settings, "unexpected text at byte", found: UInt64(offset))
    }

    @inline(never)
    private mutating func expect(_ word: StaticString) throws(BootError) {
        var next = word.utf8Start
        while next.pointee != 0 {
            guard offset < text.count, text[offset] == next.pointee else { throw invalid() }
            offset += 1
            next += 1
        }
    }

    @inline(never)
    private mutating func expect(_ character: UInt8) throws(BootError) {
        guard take(character) else { throw invalid() }
    }

    @inline(never)
    private mutating func take(_ character: UInt8) -> Bool {
        skipSpace()
        guard offset < text.count, text[offset] == character else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < text.count,
            text[offset] == 0x20 || (0x09...0x0D).contains(text[offset])
        { offset += 1 }
    }
}

/// A string's bytes, where they stand in the text.
struct JSONText {
    fileprivate let bytes: UnsafeRawBufferPointer

    @inline(never)
    static func == (text: JSONText, word: StaticString) -> Bool {
        guard text.bytes.count == word.utf8CodeUnitCount else { return false }
        for index in text.bytes.indices where text.bytes[index] != word.utf8Start[index] {
            return false
        }
        return true
    }
}
