extension RawSpan {
    /// Returns the little-endian number at that byte offset, which must be in bounds.
    func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number {
        // Every bit pattern is a valid integer, and the span checks the bounds.
        Number(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}

extension Range<UInt64> {
    /// The `count` numbers from `start`; `nil` if the end exceeds the limit or 64 bits.
    init?(start: UInt64, count: UInt64, limit: UInt64 = .max) {
        let (end, overflows) = start.addingReportingOverflow(count)
        guard !overflows, end <= limit else { return nil }
        self = start..<end
    }

    /// The number of bytes in the range; unlike `count`, never converted to `Int`.
    var byteCount: UInt64 { upperBound - lowerBound }

    /// Whether the other range is entirely within this one.
    func encloses(_ other: Range) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
