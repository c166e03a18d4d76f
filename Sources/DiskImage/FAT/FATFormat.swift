/// The properties of a FAT volume that are chosen before its length: they determine all sizes.
struct FATFormat: Hashable, Sendable {
    let type: FATType
    let sectorSize: SectorSize
    /// The length of a cluster: a power of two, from one sector to 32 KiB.
    let cluster: SectorCount
    /// The number of entries in the root folder's own area, in whole sectors; 0 on FAT32.
    let rootEntryCount: UInt64

    /// `rootEntryCount` is what the root folder needs; FAT32 ignores it.
    ///
    /// It is rounded up to whole sectors, and to the 512 that FAT 1.03 §3.1 recommends.
    init(
        _ type: FATType, sectorSize: SectorSize, cluster: SectorCount, rootEntryCount: UInt64 = 0
    ) {
        self.type = type
        self.sectorSize = sectorSize
        self.cluster = cluster
        let perSector = Self.entriesPerSector(sectorSize)
        let sectors = (max(rootEntryCount, 512) + perSector - 1) / perSector
        self.rootEntryCount = type.hasRootInClusters ? 0 : sectors * perSector
    }

    /// The most entries of a root folder with its own area: whole sectors, counted in 16 bits.
    static func maximumRootEntryCount(_ sectorSize: SectorSize) -> UInt64 {
        let perSector = entriesPerSector(sectorSize)
        return UInt64(UInt16.max) / perSector * perSector
    }

    private static func entriesPerSector(_ size: SectorSize) -> UInt64 {
        size.byteCount.value / UInt64(DirectoryEntry.byteCount)
    }

    /// The root folder's own area; none on FAT32.
    var root: SectorCount {
        SectorCount(rootEntryCount / Self.entriesPerSector(sectorSize))
    }

    static let fatCopies: UInt64 = 2

    /// The least number of sectors before the data area, without the FATs.
    var minimumOverhead: SectorCount { type.minimumReserved + root }

    func fat(entryCount: UInt64) -> SectorCount {
        SectorCount((entryCount * type.entryBitCount + bitsPerSector - 1) / bitsPerSector)
    }

    var bitsPerSector: UInt64 { sectorSize.byteCount.value * 8 }

    /// A length from which every volume has at least `clusterCount` clusters.
    ///
    /// The ten sectors beyond reserved sectors, FATs, root and clusters are for the alignment (up
    /// to seven) and for one more sector in each FAT, which a slightly longer volume may need.
    func sufficientVolume(clusterCount: UInt64) -> SectorCount {
        let fat = fat(entryCount: clusterCount + ClusterNumber.reservedCount)
        return SectorCount(
            minimumOverhead.value + Self.fatCopies * fat.value + 10 + clusterCount * cluster.value)
    }
}
