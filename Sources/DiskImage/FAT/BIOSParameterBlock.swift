/// The boot sector of a FAT32 volume: BIOS parameter block and extended boot record
/// (FAT 1.03 §3.1 and §3.3), without boot code.
///
/// It takes the first 512 bytes, with the signature at their end; the rest of a longer sector is
/// zero.
public struct BIOSParameterBlock: DiskStructure {
    // Offset 0: jump; 3: system name.
    /// Offset 11: the length of a sector.
    public let sectorSize: SectorSize
    /// Offset 13: the length of a cluster, a power of two.
    public let cluster: SectorCount
    /// Offset 14: the sectors before the first FAT.
    public let reserved: SectorCount
    // Offset 16: number of FATs; 17–20: zero on FAT32; 21: medium; 22: zero on FAT32;
    // 24: sectors per track; 26: heads.
    /// Offset 28: the sectors before the volume: the address of its partition.
    public let hidden: SectorCount
    /// Offset 32: the length of the volume.
    public let volume: SectorCount
    /// Offset 36: the length of one FAT.
    public let fat: SectorCount
    // Offset 40: flags; 42: version.
    /// Offset 44: the root folder's first cluster.
    public let root: ClusterNumber
    // Offset 48: FSInfo's sector; 50: the backup's sector; 52: 12 reserved bytes; 64: drive;
    // 65: reserved; 66: the mark of the next three fields.
    /// Offset 67: the volume's serial number.
    public let volumeID: UInt32
    /// Offset 71: the volume's name.
    public let label: VolumeLabel
    // Offset 82: "FAT32"; 90: boot code; 510: signature.

    /// The boot sector of a volume with these sizes that starts at `start` of its disk.
    public init(_ geometry: FATGeometry, start: LBA, volumeID: UInt32, label: VolumeLabel) {
        sectorSize = geometry.sectorSize
        cluster = geometry.cluster
        reserved = geometry.reserved
        hidden = SectorCount(start.value)
        volume = geometry.volume
        fat = geometry.fat
        root = .first
        self.volumeID = volumeID
        self.label = label
    }

    /// Where FSInfo lies, counted from the volume's start.
    static let infoSector: UInt16 = 1
    /// Where the copies of this sector and of FSInfo start; drivers look nowhere else.
    static let backupSector: UInt16 = 6

    /// `jmp` over the fields, then a `nop`.
    private static let jump: [UInt8] = [0xEB, 0x58, 0x90]
    /// The name that §3.1 recommends, because some drivers look for it.
    private static let systemName = "MSWIN4.1"
    private static let typeName = "FAT32"
    /// A fixed disk; FAT[0] repeats it.
    static let medium: UInt8 = 0xF8
    private static let sectorsPerTrack: UInt16 = 63
    private static let heads: UInt16 = 255
    private static let drive: UInt8 = 0x80
    private static let extendedMark: UInt8 = 0x29

    /// Size on the disk, in bytes.
    public static let byteCount = 512
    /// Name in errors.
    public static let name = "FAT32 boot sector"

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        writer.append(Self.jump)
        writer.append(Self.systemName, paddedTo: 8)
        writer.append(UInt16(sectorSize.rawValue))
        writer.append(UInt8(cluster.value))
        writer.append(UInt16(reserved.value))
        writer.append(UInt8(FATGeometry.fatCopies))
        writer.appendZeros(4)
        writer.append(Self.medium)
        writer.appendZeros(2)
        writer.append(Self.sectorsPerTrack)
        writer.append(Self.heads)
        writer.append(UInt32(hidden.value))
        writer.append(UInt32(volume.value))
        encodeExtended(into: &writer)
    }

    private func encodeExtended(into writer: inout ByteWriter) {
        writer.append(UInt32(fat.value))
        writer.appendZeros(4)
        writer.append(root.rawValue)
        writer.append(Self.infoSector)
        writer.append(Self.backupSector)
        writer.appendZeros(12)
        writer.append(Self.drive)
        writer.appendZeros(1)
        writer.append(Self.extendedMark)
        writer.append(volumeID)
        writer.append(label.bytes)
        writer.append(Self.typeName, paddedTo: 8)
        writer.appendZeros(420)
        writer.append(MasterBootRecord.signature)
    }

    private static func readSectorSize(
        from reader: inout ByteReader
    ) throws(FormatError) -> SectorSize {
        let start = reader.offset
        let found: UInt16 = try reader.read()
        guard let size = SectorSize(rawValue: Int(found)) else {
            throw .badField(
                structure: name, field: "bytes per sector", offset: start, found: UInt64(found),
                allowed: "512 or 4096")
        }
        return size
    }

    /// Reads the fields of a FAT32 volume with two FATs; refuses others.
    public init(from reader: inout ByteReader) throws(FormatError) {
        try reader.skip(Self.jump.count + 8)
        sectorSize = try Self.readSectorSize(from: &reader)
        let cluster: UInt8 = try reader.read("sectors per cluster", allowed: "a power of two") {
            $0.nonzeroBitCount == 1
        }
        self.cluster = SectorCount(UInt64(cluster))
        let reserved: UInt16 = try reader.read("reserved sectors", allowed: "above 0") { $0 > 0 }
        self.reserved = SectorCount(UInt64(reserved))
        try reader.expect(UInt8(FATGeometry.fatCopies), "number of FATs")
        try reader.expect(UInt32(0), "root entries and sectors of FAT16")
        try reader.expect(Self.medium, "medium")
        try reader.expect(UInt16(0), "FAT size of FAT16")
        try reader.skip(4)
        hidden = SectorCount(UInt64(try reader.read(UInt32.self)))
        volume = SectorCount(UInt64(try reader.read(UInt32.self)))
        fat = SectorCount(UInt64(try reader.read(UInt32.self)))
        try reader.expect(UInt16(0), "FAT flags")
        try reader.expect(UInt16(0), "file system version")
        root = ClusterNumber(rawValue: try reader.read())
        try reader.expect(Self.infoSector, "FSInfo sector")
        try reader.expect(Self.backupSector, "backup boot sector")
        try reader.skip(14)
        try reader.expect(Self.extendedMark, "extended boot signature")
        volumeID = try reader.read()
        label = VolumeLabel(decoding: try reader.read(ShortName.byteCount))
        try reader.skip(428)
        try reader.expect(MasterBootRecord.signature, "signature")
    }
}
