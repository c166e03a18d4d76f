extension Range<UInt64> {
    /// The `count` numbers from `start` on; `nil` if the end exceeds the limit or 64 bits.
    init?(start: UInt64, count: UInt64, limit: UInt64 = .max) {
        let (end, overflows) = start.addingReportingOverflow(count)
        guard !overflows, end <= limit else { return nil }
        self = start..<end
    }

    /// How many bytes the range has; unlike `count` without a detour through `Int`.
    var byteCount: UInt64 { upperBound - lowerBound }

    /// Whether no part of the other range is outside of this one.
    func encloses(_ other: Range) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
