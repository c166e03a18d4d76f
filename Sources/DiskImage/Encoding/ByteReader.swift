/// Reads fields from the front of bytes, little-endian; never reads past their end.
public struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private let structure: String
    /// How many bytes have been read.
    public private(set) var offset = 0

    /// Reads `bytes`; `structure` names them in errors.
    public init(_ bytes: some Collection<UInt8>, structure: String) {
        self.bytes = ArraySlice(bytes)
        self.structure = structure
    }

    /// Reads the next `count` bytes unchanged.
    public mutating func read(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
        let end = offset + count
        guard end <= bytes.count else {
            throw .tooShort(
                structure: structure, found: ByteCount(of: bytes), needed: ByteCount(UInt64(end)))
        }
        defer { offset = end }
        return bytes[(bytes.startIndex + offset)..<(bytes.startIndex + end)]
    }

    /// Reads the next number, least significant byte first.
    public mutating func read<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type = Number.self
    ) throws(FormatError) -> Number {
        try read(Number.bitWidth / 8).littleEndian()
    }

    /// Reads the next number, which must be `allowed`.
    public mutating func expect<Number: FixedWidthInteger & UnsignedInteger>(
        _ allowed: Number, _ field: String
    ) throws(FormatError) {
        _ = try read(field, allowed: hex(allowed)) { (found: Number) in found == allowed }
    }

    /// Reads the next number, which must satisfy a rule; `allowed` states the rule in errors.
    public mutating func read<Number: FixedWidthInteger & UnsignedInteger>(
        _ field: String, allowed: String, where isAllowed: (Number) -> Bool
    ) throws(FormatError) -> Number {
        let start = offset
        let found: Number = try read()
        guard isAllowed(found) else {
            throw .badField(
                structure: structure, field: field, offset: start, found: UInt64(found),
                allowed: allowed)
        }
        return found
    }

    /// Reads the next structure.
    public mutating func read<Structure: DecodableStructure>(
        _: Structure.Type = Structure.self
    ) throws(FormatError) -> Structure {
        try Structure(decoding: read(Structure.byteCount))
    }

    /// Skips reserved or unused bytes.
    public mutating func skip(_ count: Int) throws(FormatError) {
        _ = try read(count)
    }
}
