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
        write(decimal: version.major)
        write(".")
        write(decimal: version.minor)
        write(".")
        write(decimal: version.patch)
    }

    @inline(never)
    func write(decimal value: UInt64) {
        if value >= 10 { write(decimal: value / 10) }
        put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    @inline(never)
    func write(hexadecimal value: UInt64) {
        write("0x")
        var shift: UInt64 = 60
        while shift > 0 && value >> shift == 0 { shift -= 4 }
        while true {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 0xF)
            put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            if shift == 0 { return }
            shift -= 4
        }
    }
}
