extension RawSpan {
    /// The little-endian number at that byte offset, which must be in bounds.
    func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number {
        // Every bit pattern is a valid integer, and the span checks the bounds.
        Number(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
