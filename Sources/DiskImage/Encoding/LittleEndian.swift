extension Collection<UInt8> {
    func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(
        as _: Number.Type = Number.self
    ) -> Number {
        reversed().reduce(0) { $0 << 8 | Number($1) }
    }
}

extension [UInt8] {
    /// Overwrites the bytes at `offset` with a number, least significant byte first.
    mutating func put(_ number: some FixedWidthInteger, at offset: Int) {
        Swift.withUnsafeBytes(of: number.littleEndian) {
            replaceSubrange(offset..<offset + $0.count, with: $0)
        }
    }
}

extension UInt64 {
    func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }

    func multipliedSaturating(by other: UInt64) -> UInt64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max : product
    }
}

extension Range<UInt64> {
    var byteCount: UInt64 { upperBound - lowerBound }
}

/// A number in the notation of disk dumps, such as `0xAA55`.
func hex(_ number: some BinaryInteger) -> String {
    "0x" + String(number, radix: 16, uppercase: true)
}

/// Bytes in the notation of disk dumps, such as `55 AA`.
func hexDump(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { padded($0, to: 2, radix: 16) }.joined(separator: " ")
}

/// A number's digits, after as many zeros as `width` requires.
func padded(_ number: some BinaryInteger, to width: Int, radix: Int = 10) -> String {
    let digits = String(number, radix: radix, uppercase: true)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}

/// A text or a path in quotes, with control characters escaped so that it stays on one line.
func quoted(_ text: some CustomStringConvertible) -> String { text.description.debugDescription }
