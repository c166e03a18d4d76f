/// What is settled of a FAT volume before its length is: all that the sizes of its parts hang on.
public struct FATFormat: Hashable, Sendable {
    /// How wide the table's entries are.
    public let type: FATType
    /// The length of a sector.
    public let sectorSize: SectorSize
    /// The length of a cluster: a power of two, from one sector to 32 KiB.
    public let cluster: SectorCount
    /// How many entries the root folder's own area has, whole sectors of them; 0 on FAT32, where
    /// the root lies in clusters.
    public let rootEntryCount: UInt64

    /// A format with these sizes.
    ///
    /// `rootEntryCount` is what the root folder needs, and of no account on FAT32. It is rounded up
    /// to whole sectors, and to the 512 that FAT 1.03 §3.1 recommends.
    public init(
        _ type: FATType, sectorSize: SectorSize, cluster: SectorCount, rootEntryCount: UInt64 = 0
    ) {
        self.type = type
        self.sectorSize = sectorSize
        self.cluster = cluster
        self.rootEntryCount =
            type.hasRootInClusters ? 0 : Self.areaEntryCount(rootEntryCount, sectorSize)
    }

    /// The most entries of a root folder with an area of its own: whole sectors, and a number that
    /// its field of 16 bits holds.
    static func maximumRootEntryCount(_ sectorSize: SectorSize) -> UInt64 {
        let perSector = entriesPerSector(sectorSize)
        return UInt64(UInt16.max) / perSector * perSector
    }

    private static func areaEntryCount(_ needed: UInt64, _ sectorSize: SectorSize) -> UInt64 {
        let perSector = entriesPerSector(sectorSize)
        return (max(needed, 512) + perSector - 1) / perSector * perSector
    }

    private static func entriesPerSector(_ size: SectorSize) -> UInt64 {
        size.byteCount.value / UInt64(DirectoryEntry.byteCount)
    }

    /// The root folder's own area; none on FAT32.
    var root: SectorCount {
        SectorCount(rootEntryCount / Self.entriesPerSector(sectorSize))
    }

    /// The two copies of the table.
    static let fatCopies: UInt64 = 2

    /// What lies before the data area and is not FAT, at least.
    var minimumOverhead: SectorCount { type.minimumReserved + root }

    /// How long a FAT with that many entries is.
    func fat(entryCount: UInt64) -> SectorCount {
        SectorCount((entryCount * type.entryBitCount + bitsPerSector - 1) / bitsPerSector)
    }

    /// How many bits a sector has.
    var bitsPerSector: UInt64 { sectorSize.byteCount.value * 8 }

    /// A size from which on every volume has at least `clusterCount` clusters.
    ///
    /// The ten sectors beyond reserved sectors, FATs, root and clusters are for the alignment (up
    /// to seven) and for one more sector in each FAT, which a volume a little longer may need.
    public func sufficientVolume(clusterCount: UInt64) -> SectorCount {
        let fat = fat(entryCount: clusterCount + ClusterNumber.reservedCount)
        return SectorCount(
            minimumOverhead.value + Self.fatCopies * fat.value + 10 + clusterCount * cluster.value)
    }
}
