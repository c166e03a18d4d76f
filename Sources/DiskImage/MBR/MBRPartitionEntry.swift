/// One of the four partition entries of a master boot record (UEFI 2.10 §5.2.1, table 5.2).
package struct MBRPartitionEntry: DiskStructure {
    package struct Kind: RawRepresentable, Hashable, Sendable {
        /// The type byte; 0 in an unused entry.
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let unused = Self(rawValue: 0)
        /// FAT32, addressed by LBA.
        static let fat32 = Self(rawValue: 0x0C)
        static let nonFileSystemData = Self(rawValue: 0xDA)
        /// The whole disk, which a GPT describes.
        static let protectiveGPT = Self(rawValue: 0xEE)
        static let efiSystem = Self(rawValue: 0xEF)

        /// Types of a partition with logical ones in it.
        static let extended: Set<UInt8> = [0x05, 0x0F, 0x85]

        var name: String? { Self.names[rawValue] }

        static let names: [UInt8: String] = [
            0x01: "FAT12", 0x04: "FAT16", 0x05: "extended", 0x06: "FAT16", 0x07: "NTFS or exFAT",
            0x0B: "FAT32", 0x0C: "FAT32", 0x0E: "FAT16", 0x0F: "extended", 0x17: "hidden NTFS",
            0x82: "Linux swap", 0x83: "Linux", 0x85: "Linux extended", 0x8E: "Linux LVM",
            0xA5: "FreeBSD", 0xA6: "OpenBSD", 0xA9: "NetBSD", 0xCD: "ISO 9660", 0xDA: "data",
            0xEE: "GPT protective", 0xEF: "EFI system", 0xFD: "Linux RAID",
        ]
    }

    /// Offset 0: 0x80 for the partition that the boot code starts, else 0.
    package let isActive: Bool
    /// Offset 1: the first sector, for firmware that uses CHS addresses.
    let firstCHS: CHSAddress
    /// Offset 4: the partition's type.
    package let kind: Kind
    /// Offset 5: the last sector.
    let lastCHS: CHSAddress
    /// Offset 8: the first sector.
    package let start: UInt32
    /// Offset 12: the number of sectors.
    package let sectorCount: UInt32
}

extension MBRPartitionEntry {
    /// An entry for these sectors, with the matching CHS addresses.
    ///
    /// There is at least one sector; start and count are at most 2³² − 1.
    init(isActive: Bool, kind: Kind, sectors: SectorRange) {
        self.init(
            isActive: isActive, firstCHS: CHSAddress(sectors.start), kind: kind,
            lastCHS: CHSAddress(sectors.last), start: UInt32(sectors.start.value),
            sectorCount: UInt32(sectors.count.value))
    }

    package static let byteCount = 16

    /// The status of the partition that the boot code starts.
    static let active: UInt8 = 0x80

    package func encode(into writer: inout ByteWriter) {
        writer.append(isActive ? Self.active : 0)
        writer.append(firstCHS)
        writer.append(kind.rawValue)
        writer.append(lastCHS)
        writer.append(start)
        writer.append(sectorCount)
    }
}
