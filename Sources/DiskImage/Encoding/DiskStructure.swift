/// A structure with a fixed size on the disk.
public protocol DiskStructure: Equatable, Sendable {
    /// The size on the disk, in bytes.
    static var byteCount: Int { get }

    /// Appends the fields in the specification's order, exactly ``byteCount`` bytes.
    func encode(into writer: inout ByteWriter)
}

extension DiskStructure {
    /// The bytes on the disk.
    public func encoded() -> [UInt8] {
        ByteWriter.write(Self.byteCount) { $0.append(self) }
    }
}

/// A structure that can be read back strictly: any field that the specification forbids is an error.
public protocol DecodableStructure: DiskStructure {
    /// The specification's name for it; used in errors.
    static var name: String { get }

    /// Reads the fields in the specification's order.
    ///
    /// - Throws: ``FormatError`` if there are too few bytes or a field is not allowed.
    init(from reader: inout ByteReader) throws(FormatError)
}

extension DecodableStructure {
    /// Reads the structure from its first bytes; ignores what follows.
    ///
    /// - Throws: ``FormatError`` if there are too few bytes or a field is not allowed.
    public init(decoding bytes: some Collection<UInt8>) throws(FormatError) {
        var reader = ByteReader(bytes, structure: Self.name)
        guard bytes.count >= Self.byteCount else {
            throw .tooShort(
                structure: Self.name, found: ByteCount(of: bytes),
                needed: ByteCount(UInt64(Self.byteCount)))
        }
        try self.init(from: &reader)
    }
}

/// Why bytes are not the on-disk structure that they were read as.
public enum FormatError: Error, Equatable, CustomStringConvertible {
    /// The bytes end before the structure does.
    case tooShort(structure: String, found: ByteCount, needed: ByteCount)
    /// A field holds a value that the specification forbids; the offset is from the structure.
    case badField(structure: String, field: String, offset: Int, found: UInt64, allowed: String)
    /// A stored checksum does not match the bytes.
    case badChecksum(structure: String, stored: UInt32, computed: UInt32)

    /// One line: the structure, what was found and what is allowed.
    public var description: String {
        switch self {
        case .tooShort(let structure, let found, let needed):
            "\(structure): \(found) found, \(needed) needed"
        case .badField(let structure, let field, let offset, let found, let allowed):
            "\(structure): \(field) at offset \(offset) is \(hex(found)), must be \(allowed)"
        case .badChecksum(let structure, let stored, let computed):
            "\(structure): stored checksum is \(hex(stored)), must be \(hex(computed))"
        }
    }
}
