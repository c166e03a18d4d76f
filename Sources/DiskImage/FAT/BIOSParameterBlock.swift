/// The boot sector of a FAT volume: BIOS parameter block and extended boot record (FAT 1.03 §3.1 to
/// §3.3), without boot code.
///
/// It takes the first 512 bytes, with the signature at their end; the rest of a longer sector is
/// zero.
struct BIOSParameterBlock: DiskStructure {
    // Offset 0: jump; 3: system name.
    // Offset 11: length of a sector; 13: sectors per cluster; 14: sectors before the first FAT;
    // 16: number of FATs; 17: entries of the root folder's own area, 0 on FAT32; 19: length of the
    // volume in 16 bits, or 0; 21: medium; 22: length of one FAT in 16 bits, 0 on FAT32;
    // 24: sectors per track; 26: heads; 28: sectors before the volume; 32: length of the volume.
    // Only on FAT32, offset 36: length of one FAT; 40: flags; 42: version; 44: the root folder's
    // first cluster; 48: FSInfo's sector; 50: the backup's sector; 52: 12 reserved bytes.
    // Offset 36, on FAT32 64: drive; a reserved byte; the mark of the next three fields.
    // Offset 39, on FAT32 67: serial number; 43, on FAT32 71: label; 54, on FAT32 82: type's name.
    // Then boot code; 510: signature.

    let geometry: FATGeometry
    /// The volume's first sector on its disk.
    let start: LBA
    let volumeID: UInt32
    let label: VolumeLabel

    /// The sector of FSInfo, from the volume's start.
    static let infoSector: UInt16 = 1
    /// The first sector of the copies of this sector and of FSInfo; drivers look nowhere else.
    static let backupSector: UInt16 = 6
    /// A fixed disk; FAT[0] repeats it.
    static let medium: UInt8 = 0xF8
    static let extendedMark: UInt8 = 0x29

    static let byteCount = 512

    /// The name that §3.1 recommends, because some drivers look for it.
    private static let systemName = "MSWIN4.1"
    private static let sectorsPerTrack: UInt16 = 63
    private static let heads: UInt16 = 255
    private static let drive: UInt8 = 0x80

    private var type: FATType { geometry.format.type }
    private var codeOffset: UInt8 { type == .fat32 ? 90 : 62 }

    func encode(into writer: inout ByteWriter) {
        // `jmp` over the fields, counted from its own end, then a `nop`.
        writer.append([0xEB, codeOffset - 2, 0x90])
        writer.append(Self.systemName, paddedTo: 8)
        writer.append(UInt16(geometry.format.sectorSize.rawValue))
        writer.append(UInt8(geometry.format.cluster.value))
        writer.append(UInt16(geometry.reserved.value))
        writer.append(UInt8(FATFormat.fatCopies))
        let (shortVolume, longVolume) = volumeFields
        writer.append(UInt16(geometry.format.rootEntryCount))
        writer.append(shortVolume)
        writer.append(Self.medium)
        writer.append(type == .fat32 ? 0 : UInt16(geometry.fat.value))
        writer.append(Self.sectorsPerTrack)
        writer.append(Self.heads)
        writer.append(UInt32(start.value))
        writer.append(longVolume)
        if type == .fat32 { encodeFieldsOfFAT32(into: &writer) }
        encodeExtended(into: &writer)
        writer.appendZeros(Self.byteCount - 2 - Int(codeOffset))
        writer.append(MasterBootRecord.signature)
    }

    /// The volume's length at offsets 19 and 32: in the shorter field if it fits and FAT12 or FAT16
    /// has it.
    private var volumeFields: (UInt16, UInt32) {
        let volume = geometry.volume.value
        if type != .fat32, let short = UInt16(exactly: volume) { return (short, 0) }
        return (0, UInt32(volume))
    }

    private func encodeFieldsOfFAT32(into writer: inout ByteWriter) {
        writer.append(UInt32(geometry.fat.value))
        writer.appendZeros(4)
        writer.append(ClusterNumber.first.rawValue)
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
