/// A GUID partition table with both its copies (UEFI 2.10 §5.3.1, figure 5.4).
///
///     sector 1        primary header
///     sectors 2–33    primary entries
///     …               partitions
///     last 33–2       backup entries
///     last 1          backup header
public struct GUIDPartitionTable: Equatable, Sendable {
    /// The disk's size.
    public let disk: SectorCount
    /// The disk's identifier.
    public let diskGUID: GUID
    /// The partitions, at most 128.
    public let partitions: [GPTPartitionEntry]

    /// The sectors of one copy's entries: 32.
    static let entriesSectors = ByteCount(
        UInt64(GPTPartitionEntry.countPerTable * GPTPartitionEntry.byteCount)
    ).sectorsRoundedUp

    /// The sectors of the backup copy, at the end of the disk: 33.
    public static let backupSectors = entriesSectors + SectorCount(1)

    /// A table for a disk of that size, with at most 128 partitions, each inside ``usable(of:)``.
    public init(disk: SectorCount, diskGUID: GUID, partitions: [GPTPartitionEntry]) {
        let usable = Self.usable(of: disk)
        precondition(partitions.count <= GPTPartitionEntry.countPerTable, "too many partitions")
        precondition(
            partitions.allSatisfy { usable.start <= $0.first && $0.last <= usable.last },
            "a partition lies on the table")
        self.disk = disk
        self.diskGUID = diskGUID
        self.partitions = partitions
    }

    /// The sectors between the copies, where partitions may lie.
    public static func usable(of disk: SectorCount) -> SectorRange {
        let start = primaryHeader + SectorCount(1) + entriesSectors
        return SectorRange(start: start, count: LBA(disk.value) - backupSectors - start)
    }

    private static let primaryHeader = LBA(1)

    /// The copy before the partitions.
    var primaryExtents: [Extent] {
        let entries = Self.primaryHeader + SectorCount(1)
        let header = header(at: Self.primaryHeader, other: backupHeader, entries: entries)
        return [
            Extent("GPT header", at: header.ownAddress, .bytes(header.encoded())),
            Extent("GPT entries", at: entries, .bytes(encodedEntries())),
        ]
    }

    /// The copy at the disk's end.
    var backupExtents: [Extent] {
        let entries = LBA(disk.value) - Self.backupSectors
        let header = header(at: backupHeader, other: Self.primaryHeader, entries: entries)
        return [
            Extent("backup GPT entries", at: entries, .bytes(encodedEntries())),
            Extent("backup GPT header", at: header.ownAddress, .bytes(header.encoded())),
        ]
    }

    private var backupHeader: LBA { LBA(disk.value) - SectorCount(1) }

    private func encodedEntries() -> [UInt8] {
        ByteWriter.write(GPTPartitionEntry.countPerTable * GPTPartitionEntry.byteCount) { writer in
            for partition in partitions { writer.append(partition) }
            writer.appendZerosToEnd()
        }
    }

    private func header(at own: LBA, other: LBA, entries: LBA) -> GPTHeader {
        let usable = Self.usable(of: disk)
        return GPTHeader(
            ownAddress: own, otherAddress: other, firstUsable: usable.start,
            lastUsable: usable.last, diskGUID: diskGUID, entriesAddress: entries,
            entriesChecksum: CRC32.checksum(encodedEntries()))
    }
}
