/// The boot sector of a FAT volume: BIOS parameter block and extended boot record (FAT 1.03 §3.1 to
/// §3.3), without boot code.
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
    // Offset 16: number of FATs.
    /// Offset 17: how many entries the root folder's own area has; 0 on FAT32.
    public let rootEntryCount: UInt16
    // Offset 19: the length of the volume in 16 bits; 0 where it has more, and on FAT32.
    // Offset 21: medium; 22: the length of one FAT in 16 bits, 0 on FAT32; 24: sectors per track;
    // 26: heads.
    /// Offset 28: the sectors before the volume: the address of its partition.
    public let hidden: SectorCount
    /// Offset 19 or 32: the length of the volume.
    public let volume: SectorCount
    /// Offset 22, on FAT32 36: the length of one FAT.
    public let fat: SectorCount
    // On FAT32 alone, offset 40: flags; 42: version.
    /// Offset 44 on FAT32: the root folder's first cluster; none on FAT12 and FAT16.
    public let root: ClusterNumber
    // On FAT32 alone, offset 48: FSInfo's sector; 50: the backup's sector; 52: 12 reserved bytes.
    // Offset 36, on FAT32 64: drive; then a reserved byte, and the mark of the next three fields.
    /// Offset 39, on FAT32 67: the volume's serial number.
    public let volumeID: UInt32
    /// Offset 43, on FAT32 71: the volume's name.
    public let label: VolumeLabel
    /// What kind of FAT it is, told by the number of clusters; offset 54, on FAT32 82, repeats it
    /// for people.
    public let type: FATType
    // Then boot code; 510: signature.

    /// The boot sector of a volume with these sizes that starts at `start` of its disk.
    public init(_ geometry: FATGeometry, start: LBA, volumeID: UInt32, label: VolumeLabel) {
        type = geometry.format.type
        sectorSize = geometry.format.sectorSize
        cluster = geometry.format.cluster
        reserved = geometry.reserved
        rootEntryCount = UInt16(geometry.format.rootEntryCount)
        hidden = SectorCount(start.value)
        volume = geometry.volume
        fat = geometry.fat
        root = type.hasRootInClusters ? .first : .none
        self.volumeID = volumeID
        self.label = label
    }

    /// Where FSInfo lies, counted from the volume's start.
    static let infoSector: UInt16 = 1
    /// Where the copies of this sector and of FSInfo start; drivers look nowhere else.
    static let backupSector: UInt16 = 6
    /// A fixed disk; FAT[0] repeats it.
    static let medium: UInt8 = 0xF8
    static let extendedMark: UInt8 = 0x29

    /// Size on the disk, in bytes.
    public static let byteCount = 512
    /// Name in errors.
    public static let name = "FAT boot sector"
}

extension BIOSParameterBlock {
    /// The name that §3.1 recommends, because some drivers look for it.
    private static let systemName = "MSWIN4.1"
    private static let sectorsPerTrack: UInt16 = 63
    private static let heads: UInt16 = 255
    private static let drive: UInt8 = 0x80

    /// Where boot code would start.
    private var codeOffset: UInt8 { type == .fat32 ? 90 : 62 }

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        // `jmp` over the fields, counted from its own end, then a `nop`.
        writer.append([0xEB, codeOffset - 2, 0x90])
        writer.append(Self.systemName, paddedTo: 8)
        writer.append(UInt16(sectorSize.rawValue))
        writer.append(UInt8(cluster.value))
        writer.append(UInt16(reserved.value))
        writer.append(UInt8(FATFormat.fatCopies))
        let (shortVolume, longVolume) = volumeFields
        writer.append(rootEntryCount)
        writer.append(shortVolume)
        writer.append(Self.medium)
        writer.append(type == .fat32 ? 0 : UInt16(fat.value))
        writer.append(Self.sectorsPerTrack)
        writer.append(Self.heads)
        writer.append(UInt32(hidden.value))
        writer.append(longVolume)
        if type == .fat32 { encodeFieldsOfFAT32(into: &writer) }
        encodeExtended(into: &writer)
        writer.appendZeros(Self.byteCount - 2 - Int(codeOffset))
        writer.append(MasterBootRecord.signature)
    }

    /// The volume's length at offsets 19 and 32: in the shorter field if it fits and there is one.
    private var volumeFields: (UInt16, UInt32) {
        if type != .fat32, let short = UInt16(exactly: volume.value) { return (short, 0) }
        return (0, UInt32(volume.value))
    }

    private func encodeFieldsOfFAT32(into writer: inout ByteWriter) {
        writer.append(UInt32(fat.value))
        writer.appendZeros(4)
        writer.append(root.rawValue)
        writer.append(Self.infoSector)
        writer.append(Self.backupSector)
        writer.appendZeros(12)
    }

    private func encodeExtended(into writer: inout ByteWriter) {
        writer.append(Self.drive)
        writer.appendZeros(1)
        writer.append(Self.extendedMark)
        writer.append(volumeID)
        writer.append(label.bytes)
        writer.append(type.name, paddedTo: 8)
    }
}
