/// A structure with a fixed size on the disk.
protocol DiskStructure: Equatable, Sendable {
    /// The size on the disk, in bytes.
    static var byteCount: Int { get }

    /// Appends the fields in the specification's order, exactly ``byteCount`` bytes.
    func encode(into writer: inout ByteWriter)
}

extension DiskStructure {
    func encoded() -> [UInt8] {
        ByteWriter.write(Self.byteCount) { $0.append(self) }
    }
}
