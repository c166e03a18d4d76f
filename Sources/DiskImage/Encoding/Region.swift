/// A structure's bytes and their place on the disk; its fields are read without any check.
struct Region: Equatable, Sendable {
    /// A name for people: `backup GPT header`, or a file's path.
    let place: String
    /// Where it starts, in bytes from the disk's start.
    let offset: UInt64
    let bytes: [UInt8]

    /// Reads the field at an offset in the structure, least significant byte first.
    func number<Number: FixedWidthInteger & UnsignedInteger>(
        at start: Int, _: Number.Type = Number.self
    ) -> Number {
        bytes[start..<start + Number.bitWidth / 8].littleEndian()
    }

    func guid(at start: Int) -> GUID { GUID(onDisk: bytes[start..<start + GUID.byteCount]) }

    func part(_ place: String, _ range: Range<Int>) -> Region {
        Region(place: place, offset: offset + UInt64(range.lowerBound), bytes: Array(bytes[range]))
    }

    /// The structures of that length in a range, one after another, numbered from 1.
    func parts(
        _ place: String, of byteCount: Int, in range: Range<Int>
    ) -> [(number: Int, region: Region)] {
        stride(from: range.lowerBound, to: range.upperBound, by: byteCount).enumerated().map {
            ($0 + 1, part("\(place) \($0 + 1)", $1..<$1 + byteCount))
        }
    }

    /// The bytes with a field set to zero, as a checksum that is stored among them needs it.
    func bytes(clearing field: Range<Int>) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(field, with: repeatElement(0, count: field.count))
        return bytes
    }

    func isZero(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy { $0 == 0 } }
}
