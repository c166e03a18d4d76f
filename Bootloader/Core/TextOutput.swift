/// How people read a number.
enum NumberStyle {
    /// In hexadecimal.
    case address
    /// In decimal.
    case count
    /// In bytes, KiB or MiB.
    case size

    /// A size of at most four digits, rounded up, and its unit.
    fileprivate static func readable(byteCount: UInt64) -> (UInt64, Text) {
        guard byteCount > 9999 else { return (byteCount, " bytes") }
        let count = (byteCount - 1) >> 10 + 1
        return count > 9999 ? ((count - 1) >> 10 + 1, " MiB") : (count, " KiB")
    }
}

/// A device that shows text.
protocol TextOutput {
    /// Shows one ASCII character; a new line needs carriage return and line feed.
    func put(_ character: UInt8)
}

extension TextOutput {
    @inline(never)
    func write(_ text: Text) {
        var index = 0
        while text[index] != 0 {
            put(text[index])
            index += 1
        }
    }

    func write(_ version: Version) {
        write(version.major, as: .count)
        write(".")
        write(version.minor, as: .count)
        write(".")
        write(version.patch, as: .count)
    }

    /// Writes a number as people read it.
    @inline(never)
    func write(_ number: UInt64, as style: NumberStyle) {
        let (count, unit) = style == .size ? NumberStyle.readable(byteCount: number) : (number, "")
        if style == .address { write("0x") }
        write(count, radix: style == .address ? 16 : 10)
        write(unit)
    }

    @inline(never)
    private func write(_ number: UInt64, radix: UInt64) {
        if number >= radix { write(number / radix, radix: radix) }
        let digit = UInt8(truncatingIfNeeded: number % radix)
        put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
}
