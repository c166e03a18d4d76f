/// A partition that a ``GPTDisk`` has, and what lies in it.
struct PlannedPartition {
    let type: GUID
    /// At most 36 UTF-16 units.
    let label: String
    /// What its identifier is derived for.
    let purpose: String
    let sectors: SectorRange
    /// In the order of the disk.
    let extents: [Extent]
}

/// A disk with a GPT: from partitions in the order of their sectors to all of its regions.
struct GPTDisk {
    let sectorSize: SectorSize
    let identity: ImageIdentity
    /// What a BIOS starts; nil where it shall go on to the next disk.
    var bootCode: [UInt8]?
    /// Whether a BIOS is told that the disk can be started.
    var isProtectiveEntryActive = false
    let partitions: [PlannedPartition]
    /// The disk's size at least.
    var minimum = ByteCount.zero

    /// What follows the partitions: the backup GPT, in a whole MiB so that the last one ends where
    /// partitioning tools would let it end.
    static func tail(_ sectorSize: SectorSize) -> SectorCount {
        GUIDPartitionTable.backupSectors(of: sectorSize).roundedUp(
            toMultipleOf: sectorSize.mebibyte)
    }

    /// The disk's size, whole MiB.
    func size() throws(LayoutError) -> SectorCount {
        let end = partitions.last?.sectors.end ?? sectorSize.firstPartition
        return try ImageSize.enclosing(
            end + Self.tail(sectorSize), sectorSize, minimum: minimum)
    }

    /// Plans the disk; `gap` is what lies between the table and the first partition.
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
        let record = Extent("protective MBR", at: LBA(0), .bytes(bootRecord(size).encoded()))
        return ImageLayout(
            sectorSize: sectorSize, size: size,
            extents: [record] + table.primaryExtents + gap + partitions.flatMap(\.extents)
                + table.backupExtents)
    }

    private func bootRecord(_ size: SectorCount) -> MasterBootRecord {
        .protective(
            sectors: size, diskSignature: identity.derive("disk signature").nonZeroWord,
            bootCode: bootCode ?? MasterBootRecord.notForBIOS, isActive: isProtectiveEntryActive)
    }
}
