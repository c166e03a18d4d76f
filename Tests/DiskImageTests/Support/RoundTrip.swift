import Testing

@testable import DiskImage

/// Checks that a structure has its size and reads back as written.
func expectRoundTrip<Structure: DecodableStructure>(
    _ structure: Structure, size: Int, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let bytes = structure.encoded()
    #expect(bytes.count == size, sourceLocation: sourceLocation)
    #expect(Structure.byteCount == size, sourceLocation: sourceLocation)
    #expect(try Structure(decoding: bytes) == structure, sourceLocation: sourceLocation)
    #expect(throws: FormatError.self, "too short", sourceLocation: sourceLocation) {
        try Structure(decoding: bytes.dropLast())
    }
}

/// Checks that a structure with one changed byte is refused, with an error that names the field.
func expectRefusal<Structure: DecodableStructure>(
    of structure: Structure, with byte: UInt8, at offset: Int, naming field: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    var bytes = structure.encoded()
    bytes[offset] = byte
    let error = #expect(throws: FormatError.self, sourceLocation: sourceLocation) {
        try Structure(decoding: bytes)
    }
    #expect(error?.description.contains(field) == true, sourceLocation: sourceLocation)
}

/// The bytes of hexadecimal digits; spaces and line ends do not count.
func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
