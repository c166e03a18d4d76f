/// The sector that tells a driver how much of a FAT32 volume is free (FAT 1.03 §5).
///
/// It takes the first 512 bytes; the rest of a longer sector is zero.
public struct FSInfo: DiskStructure {
    // Offset 0: signature; 4: 480 reserved bytes; 484: signature.
    /// Offset 488: the number of free clusters.
    public let freeCount: UInt32
    /// Offset 492: where to look for a free cluster first; `nil` (0xFFFFFFFF) where not known.
    public let nextFree: ClusterNumber?
    // Offset 496: 12 reserved bytes; 508: signature.

    /// What is free in a volume.
    public init(freeCount: UInt32, nextFree: ClusterNumber?) {
        self.freeCount = freeCount
        self.nextFree = nextFree
    }

    static let leadSignature: UInt32 = 0x4161_5252
    static let structureSignature: UInt32 = 0x6141_7272
    static let trailSignature: UInt32 = 0xAA55_0000
    private static let unknown = UInt32.max

    /// Size on the disk, in bytes.
    public static let byteCount = 512
    /// Name in errors.
    public static let name = "FSInfo sector"

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        writer.append(Self.leadSignature)
        writer.appendZeros(480)
        writer.append(Self.structureSignature)
        writer.append(freeCount)
        writer.append(nextFree?.rawValue ?? Self.unknown)
        writer.appendZeros(12)
        writer.append(Self.trailSignature)
    }

    /// Reads the fields; refuses wrong signatures.
    public init(from reader: inout ByteReader) throws(FormatError) {
        try reader.expect(Self.leadSignature, "lead signature")
        try reader.skip(480)
        try reader.expect(Self.structureSignature, "structure signature")
        freeCount = try reader.read()
        let next: UInt32 = try reader.read()
        nextFree = next == Self.unknown ? nil : ClusterNumber(rawValue: next)
        try reader.skip(12)
        try reader.expect(Self.trailSignature, "trail signature")
    }
}
