/// Why bytes are not the on-disk structure that they are read as.
public enum FormatError: Error, Equatable, CustomStringConvertible {
    /// The bytes end before the structure does.
    case tooShort(structure: String, found: ByteCount, needed: ByteCount)
    /// A field holds what the specification does not allow; the offset counts from the structure.
    case badField(structure: String, field: String, offset: Int, found: UInt64, allowed: String)
    /// A stored checksum is not that of the bytes.
    case badChecksum(structure: String, stored: UInt32, computed: UInt32)

    /// One line: what could not be read, what was found and what was allowed.
    public var description: String {
        switch self {
        case .tooShort(let structure, let found, let needed):
            "\(structure): \(found) found, \(needed) needed"
        case .badField(let structure, let field, let offset, let found, let allowed):
            "\(structure): \(field) at offset \(offset) is \(hex(found)), must be \(allowed)"
        case .badChecksum(let structure, let stored, let computed):
            "\(structure): stored checksum \(hex(stored)), that of the bytes \(hex(computed))"
        }
    }
}

/// A number as people who read disk dumps write it, such as `0xAA55`.
func hex(_ number: some BinaryInteger) -> String {
    "0x" + String(number, radix: 16, uppercase: true)
}
