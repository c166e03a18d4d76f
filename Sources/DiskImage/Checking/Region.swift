import HostSystem

/// A structure's bytes and where they lie; its fields are read as they are, whatever they hold.
struct Region {
    /// What it is, for people: `backup GPT header`, or a file's path.
    let place: String
    /// Where it starts, in bytes from the disk's start.
    let offset: UInt64
    let bytes: [UInt8]

    /// The field at that offset in the structure, least significant byte first.
    func number<Number: FixedWidthInteger & UnsignedInteger>(
        at start: Int, _: Number.Type = Number.self
    ) -> Number {
        bytes[start..<start + Number.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    /// The GUID at that offset in the structure.
    func guid(at start: Int) -> GUID {
        GUID(
            high: UInt64(number(at: start, UInt32.self)) << 32
                | UInt64(number(at: start + 4, UInt16.self)) << 16
                | UInt64(number(at: start + 6, UInt16.self)),
            low: number(at: start + 8, UInt64.self).byteSwapped)
    }

    /// The structure's first bytes.
    func prefix(_ count: Int) -> Region {
        Region(place: place, offset: offset, bytes: Array(bytes.prefix(count)))
    }

    /// A structure inside this one.
    func part(_ place: String, _ range: Range<Int>) -> Region {
        Region(place: place, offset: offset + UInt64(range.lowerBound), bytes: Array(bytes[range]))
    }

    /// Whether every byte from `start` on is zero.
    func isZero(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy { $0 == 0 } }
}

/// Bytes as people who read disk dumps write them.
func hexDump(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }.joined(separator: " ")
}
