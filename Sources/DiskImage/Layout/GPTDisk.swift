struct PlannedPartition {
    let type: GUID
    /// At most 36 UTF-16 units.
    let label: String
    /// The purpose for which its GUID is derived.
    let purpose: String
    let sectors: SectorRange
    /// In the order of the disk.
    let extents: [Extent]
}

/// A disk with a GPT, which turns partitions in the order of their sectors into regions.
struct GPTDisk {
    let sectorSize: SectorSize
    let identity: ImageIdentity
    /// The code that a BIOS starts; `nil` if it should try the next disk.
    var bootCode: [UInt8]?
    /// Whether the protective entry is marked active, which some BIOSes require.
    var isProtectiveEntryActive = false
    let partitions: [PlannedPartition]
    /// The least size of the disk.
    var minimum = ByteCount.zero

    /// The space after the partitions, for the backup GPT: a whole MiB, so that the last partition
    /// ends where partitioning tools would end it.
    static func tail(_ sectorSize: SectorSize) -> SectorCount {
        GUIDPartitionTable.backupSectors(of: sectorSize).roundedUp(
            toMultipleOf: sectorSize.mebibyte)
    }

    /// The disk's size, whole MiB.
    func size() throws(LayoutError) -> SectorCount {
        let end = partitions.last?.sectors.end ?? sectorSize.firstPartition
        return try ImageSize.enclosing(end + Self.tail(sectorSize), sectorSize, minimum: minimum)
    }

    /// Plans the disk; `gap` are the regions between the table and the first partition.
    func layOut(gap: [Extent] = []) throws(LayoutError) -> ImageLayout {
        let size = try size()
        let allowed = GPTPartitionEntry.countPerTable
        guard partitions.count <= allowed else {
            throw .tooManyPartitions(found: partitions.count, allowed: allowed)
        }
        let table = GUIDPartitionTable(
            sectorSize: sectorSize, disk: size, diskGUID: identity.derive("disk GUID").guid,
            partitions: partitions.map { partition in
                GPTPartitionEntry(
                    type: partition.type, guid: identity.derive(partition.purpose).guid,
                    sectors: partition.sectors, label: partition.label)
            })
        let record = MasterBootRecord.protective(
            sectors: size, diskSignature: identity.derive("disk signature").nonZeroWord,
            bootCode: bootCode ?? MasterBootRecord.notForBIOS, isActive: isProtectiveEntryActive)
        return ImageLayout(
            sectorSize: sectorSize, size: size,
            extents: [Extent("protective MBR", at: LBA(0), .bytes(record.encoded()))]
                + Self.extents(table.primary) + gap + partitions.flatMap(\.extents)
                + Self.extents(table.backup),
            bootRecord: record, partitionTable: table)
    }

    private static func extents(_ parts: [GUIDPartitionTable.Part]) -> [Extent] {
        parts.map { Extent($0.name, at: $0.start, .bytes($0.bytes)) }
    }
}
