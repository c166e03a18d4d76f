/// The first 512 bytes of the sector that counts a FAT32 volume's free clusters (FAT 1.03 §5).
struct FSInfo: DiskStructure {
    // Offset 0: signature; 4: 480 reserved bytes; 484: signature.
    /// Offset 488: the number of free clusters.
    let freeCount: UInt32
    /// Offset 492: where to look for a free cluster first; `nil` (0xFFFFFFFF) if unknown.
    let nextFree: ClusterNumber?
    // Offset 496: 12 reserved bytes; 508: signature.

    static let signatures: [(offset: Int, value: UInt32)] = [
        (0, 0x4161_5252), (484, 0x6141_7272), (508, 0xAA55_0000),
    ]
    static let freeCountOffset = 488
    static let nextFreeOffset = 492

    static let byteCount = 512

    func encode(into writer: inout ByteWriter) {
        writer.append(Self.signatures[0].value)
        writer.appendZeros(480)
        writer.append(Self.signatures[1].value)
        writer.append(freeCount)
        writer.append(nextFree?.rawValue ?? .max)
        writer.appendZeros(12)
        writer.append(Self.signatures[2].value)
    }
}
