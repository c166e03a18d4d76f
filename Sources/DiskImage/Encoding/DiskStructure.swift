/// A structure with a fixed size on the disk.
public protocol DiskStructure: Equatable, Sendable {
    /// The size on the disk, in bytes.
    static var byteCount: Int { get }

    /// What the specification calls it; used in errors.
    static var name: String { get }

    /// Appends the fields in the specification's order, exactly ``byteCount`` bytes.
    func encode(into writer: inout ByteWriter)

    /// Reads the fields in the specification's order.
    ///
    /// - Throws: ``FormatError`` if the bytes are too few or a field is not allowed.
    init(from reader: inout ByteReader) throws(FormatError)
}

extension DiskStructure {
    /// The bytes on the disk.
    public func encoded() -> [UInt8] {
        ByteWriter.write(Self.byteCount) { $0.append(self) }
    }

    /// Reads the structure from its first bytes; what follows them is ignored.
    ///
    /// - Throws: ``FormatError`` if the bytes are too few or a field is not allowed.
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
