/// A GUID partition table with both its copies (UEFI 2.10 §5.3.1, figure 5.4).
///
/// In sectors of 512 bytes and of 4 KiB:
///
///     sector 1        sector 1       primary header
///     sectors 2–33    sectors 2–5    primary entries
///     …               …              partitions
///     last 33–2       last 5–2       backup entries
///     last 1          last 1         backup header
package struct GUIDPartitionTable: Equatable, Sendable {
    /// The header or the entries of one copy.
    typealias Part = (name: String, start: LBA, bytes: [UInt8])

    let sectorSize: SectorSize
    let disk: SectorCount
    package let diskGUID: GUID
    /// At most 128.
    package let partitions: [GPTPartitionEntry]

    /// The length of one copy's entries: 16 KiB.
    private static let entriesByteCount =
        GPTPartitionEntry.countPerTable * GPTPartitionEntry.byteCount

    /// The sectors of one copy's entries: 32 or 4.
    private static func entriesSectors(of size: SectorSize) -> SectorCount {
        size.sectors(holding: ByteCount(UInt64(entriesByteCount)))
    }

    /// The sectors of the backup copy, at the end of the disk: 33 or 5.
    static func backupSectors(of size: SectorSize) -> SectorCount {
        entriesSectors(of: size) + SectorCount(1)
    }

    /// A table for a disk of that size, with at most 128 partitions, each inside ``usable``.
    init(
        sectorSize: SectorSize, disk: SectorCount, diskGUID: GUID, partitions: [GPTPartitionEntry]
    ) {
        self.sectorSize = sectorSize
        self.disk = disk
        self.diskGUID = diskGUID
        self.partitions = partitions
        precondition(partitions.count <= GPTPartitionEntry.countPerTable, "too many partitions")
        precondition(
            partitions.allSatisfy { usable.start <= $0.first && $0.last <= usable.last },
            "a partition overlaps the table")
    }

    /// The sectors between the copies, which partitions may use.
    var usable: SectorRange {
        let start = Self.primaryEntries + Self.entriesSectors(of: sectorSize)
        return SectorRange(start: start, count: backupEntries - start)
    }

    private static let primaryHeader = LBA(1)
    private static let primaryEntries = primaryHeader + SectorCount(1)
    private var backupEntries: LBA { LBA(disk.value) - Self.backupSectors(of: sectorSize) }
    private var backupHeader: LBA { LBA(disk.value) - SectorCount(1) }

    /// The copy before the partitions, in the order of the disk.
    var primary: [Part] {
        let copy = copy(at: Self.primaryHeader, other: backupHeader, entries: Self.primaryEntries)
        return [
            ("GPT header", Self.primaryHeader, copy.header),
            ("GPT entries", Self.primaryEntries, copy.entries),
        ]
    }

    /// The copy at the disk's end, in the order of the disk.
    var backup: [Part] {
        let copy = copy(at: backupHeader, other: Self.primaryHeader, entries: backupEntries)
        return [
            ("backup GPT entries", backupEntries, copy.entries),
            ("backup GPT header", backupHeader, copy.header),
        ]
    }

    private func copy(
        at own: LBA, other: LBA, entries start: LBA
    ) -> (header: [UInt8], entries: [UInt8]) {
        let entries = ByteWriter.write(Self.entriesByteCount) { writer in
            for partition in partitions { writer.append(partition) }
            writer.appendZerosToEnd()
        }
        let header = GPTHeader(
            ownAddress: own, otherAddress: other, firstUsable: usable.start,
            lastUsable: usable.last, diskGUID: diskGUID, entriesAddress: start,
            entriesChecksum: CRC32.ieee.checksum(entries))
        return (header.encoded(), entries)
    }
}
