/// Reads fields from the front of bytes, little-endian; never reads past their end.
package struct ByteReader {
    private var bytes: ArraySlice<UInt8>
    private let structure: String

    /// Reads `bytes`; `structure` names them in errors.
    package init(_ bytes: some Collection<UInt8>, structure: String) {
        self.bytes = ArraySlice(bytes)
        self.structure = structure
    }

    package mutating func read(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
        guard count <= bytes.count else {
            throw FormatError(structure: structure, found: bytes.count, needed: count)
        }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    package mutating func read<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type = Number.self
    ) throws(FormatError) -> Number {
        try read(Number.bitWidth / 8).littleEndian()
    }

    package mutating func read() throws(FormatError) -> GUID {
        GUID(onDisk: try read(GUID.byteCount))
    }

    package mutating func skip(_ count: Int) throws(FormatError) {
        _ = try read(count)
    }
}

/// Bytes end before the structure that they were read as.
package struct FormatError: Error, Equatable, CustomStringConvertible {
    let structure: String
    /// The number of bytes left, and the number that the next field has.
    let found: Int
    let needed: Int

    package var description: String {
        "\(structure): ends too early, \(found) bytes where \(needed) are needed"
    }
}
