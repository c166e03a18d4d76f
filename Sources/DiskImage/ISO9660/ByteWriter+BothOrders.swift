extension ByteWriter {
    /// Appends a number in both byte orders, the least significant byte first, then the most
    /// (ECMA-119 §7.2.3, §7.3.3).
    mutating func appendInBothOrders(_ number: some FixedWidthInteger) {
        append(number)
        append(number.byteSwapped)
    }
}
