/// A file, a folder or the volume's label in a folder (FAT 1.03 §6).
struct DirectoryEntry: DiskStructure {
    /// The bits of offset 11.
    struct Attributes: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let volumeLabel = Self(rawValue: 0x08)
        static let folder = Self(rawValue: 0x10)
        /// A file written since the last backup: every new one.
        static let archive = Self(rawValue: 0x20)
        static let longName = Self(rawValue: 0x0F)
    }

    /// Offset 0.
    let shortName: ShortName
    /// Offset 11.
    let attributes: Attributes
    // Offset 12: reserved; 13: tenths of seconds; 14 and 16: creation; 18: last access.
    /// Offsets 14, 16, 18, 22 and 24: created, read and written, all at the same time.
    let timestamp: FATTimestamp
    /// Offsets 20 and 26: the first cluster; none for an empty file.
    var firstCluster = ClusterNumber.none
    /// Offset 28: the length of a file; 0 for everything else.
    var byteCount: UInt32 = 0

    static let byteCount = 32

    func encode(into writer: inout ByteWriter) {
        writer.append(shortName.bytes)
        writer.append(attributes.rawValue)
        writer.appendZeros(2)
        writer.append(timestamp.time)
        writer.append(timestamp.date)
        writer.append(timestamp.date)
        writer.append(UInt16(truncatingIfNeeded: firstCluster.rawValue >> 16))
        writer.append(timestamp.time)
        writer.append(timestamp.date)
        writer.append(UInt16(truncatingIfNeeded: firstCluster.rawValue))
        writer.append(byteCount)
    }
}

/// A directory entry as it is on the disk, valid or not: a file, a folder, the volume's label or a
/// part of a long name (FAT 1.03 §6 and §7).
struct FATEntry {
    let region: Region

    var isDeleted: Bool { region.bytes[0] == 0xE5 }
    var attributes: DirectoryEntry.Attributes {
        DirectoryEntry.Attributes(rawValue: region.bytes[11])
    }
    /// All six defined bits count: one with hidden or system set is no long name.
    var isLongName: Bool {
        region.bytes[11] & 0x3F == DirectoryEntry.Attributes.longName.rawValue
    }
    var byteCount: UInt32 { region.number(at: 28) }
    /// The last write.
    var modified: FATTimestamp {
        FATTimestamp(date: region.number(at: 24), time: region.number(at: 22))
    }

    /// The name's eleven bytes; 0x05 in the first one stands for 0xE5.
    var shortName: ShortName {
        var bytes = region.bytes.prefix(ShortName.byteCount)
        if bytes[0] == 0x05 { bytes[0] = 0xE5 }
        return ShortName(decoding: bytes)
    }

    /// The first cluster; FAT12 and FAT16 use its upper half for other things.
    func cluster(_ type: FATType) -> UInt32 {
        let high = type == .fat32 ? UInt32(region.number(at: 20, UInt16.self)) << 16 : 0
        return high | UInt32(region.number(at: 26, UInt16.self))
    }

    /// In a part of a long name: its number, from 1, and the mark of the last part.
    var order: UInt8 { region.bytes[0] }
    /// In a part of a long name: the checksum of the short name.
    var checksum: UInt8 { region.bytes[13] }
    /// In a part of a long name: its 13 UTF-16 units.
    var units: [UInt16] {
        LongNameEntry.unitFields.flatMap { field in
            stride(from: field.lowerBound, to: field.upperBound, by: 2).map {
                region.number(at: $0)
            }
        }
    }

    /// The entry, placed at its file's path.
    func named(_ path: String) -> Region {
        Region(place: path, offset: region.offset, bytes: region.bytes)
    }
}
