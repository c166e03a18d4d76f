/// The sizes of a FAT32 volume: pure arithmetic, nothing of its content.
///
///     0                     boot sector, FSInfo, their backups: the reserved sectors
///     reservedSectors       FAT 1, FAT 2
///     dataStart             clusters 2, 3, …
///
/// A volume that starts at a multiple of 4 KiB has its data area at one too: the reserved sectors
/// take up the slack.
public struct FATGeometry: Hashable, Sendable {
    /// The length of a sector.
    public let sectorSize: SectorSize
    /// The whole volume.
    public let volume: SectorCount
    /// The length of a cluster: a power of two, from one sector to 32 KiB.
    public let cluster: SectorCount
    /// The length of one of the two FATs.
    public let fat: SectorCount
    /// How many clusters the data area has.
    public let clusterCount: UInt64

    /// Fewer clusters than this make a volume FAT16 (FAT 1.03 §3.5).
    public static let minimumClusterCount: UInt64 = 65_525
    /// The fewest that are planned: off the limit, as §3.5 advises, because drivers disagree on it.
    public static let plannedMinimumClusterCount = minimumClusterCount + 16

    /// The two copies of the table.
    static let fatCopies: UInt64 = 2
    /// What the reserved sectors are at least: the usual number, of which 8 are used.
    private static let minimumReserved: UInt64 = 32
    /// The numbers 0 and 1 name no cluster.
    private static let reservedEntries: UInt64 = 2

    /// How many entries of 32 bits a sector of a FAT has.
    private static func entriesPerSector(of size: SectorSize) -> UInt64 { size.byteCount.value / 4 }

    /// The sizes in a volume of `volume` sectors, at least 40, with clusters of `cluster` sectors.
    ///
    /// With `n` clusters of `s` sectors, a FAT of `f` sectors with `e` entries each has
    /// n ≤ e f − 2 and the volume V ≥ 32 + 2 f + n s. The least `f` that is enough for every `n`
    /// that fits is the quotient below; alignment only takes clusters away.
    public init(sectorSize: SectorSize, volume: SectorCount, cluster: SectorCount) {
        self.sectorSize = sectorSize
        self.volume = volume
        self.cluster = cluster
        let numerator = volume.value - Self.minimumReserved + Self.reservedEntries * cluster.value
        let entriesPerSector = Self.entriesPerSector(of: sectorSize)
        let denominator = entriesPerSector * cluster.value + Self.fatCopies
        fat = SectorCount((numerator + denominator - 1) / denominator)
        clusterCount = (volume - Self.dataStart(fat: fat, sectorSize)).value / cluster.value
    }

    /// A size from which on every volume has at least `clusterCount` clusters.
    ///
    /// The ten sectors beyond reserved sectors, FATs and clusters are for the alignment (up to
    /// seven) and for one more sector in each FAT, which a volume a little longer may need.
    public static func sufficientVolume(
        sectorSize: SectorSize, clusterCount: UInt64, cluster: SectorCount
    ) -> SectorCount {
        let entriesPerSector = entriesPerSector(of: sectorSize)
        let entries = clusterCount + reservedEntries
        let fat = (entries + entriesPerSector - 1) / entriesPerSector
        return SectorCount(
            minimumReserved + fatCopies * fat + 10 + clusterCount * cluster.value)
    }

    /// The sectors before the FATs.
    public var reserved: SectorCount { dataStart - SectorCount(Self.fatCopies * fat.value) }

    /// The first sector of cluster 2, counted from the volume's start; a multiple of 4 KiB.
    public var dataStart: SectorCount { Self.dataStart(fat: fat, sectorSize) }

    private static func dataStart(fat: SectorCount, _ sectorSize: SectorSize) -> SectorCount {
        SectorCount(minimumReserved + fatCopies * fat.value)
            .roundedUp(toMultipleOf: sectorSize.page)
    }

    /// Where a cluster starts, counted from the volume's start.
    func sector(of number: ClusterNumber) -> SectorCount {
        dataStart + SectorCount((UInt64(number.rawValue) - Self.reservedEntries) * cluster.value)
    }
}
