/// The sizes of a FAT volume; knows nothing of its content.
///
///     0                     boot sector; on FAT32 also FSInfo and the backups of both
///     reserved              FAT 1, FAT 2
///     rootStart             on FAT12 and FAT16, the root folder
///     dataStart             clusters 2, 3, …
///
/// In a volume that starts at a multiple of 4 KiB the data area does, too: more reserved sectors
/// fill the gap.
struct FATGeometry: Hashable, Sendable {
    let format: FATFormat
    let volume: SectorCount
    /// The length of one of the two FATs.
    let fat: SectorCount
    let clusterCount: UInt64

    /// The sizes in a volume of `volume` sectors, which must hold more than root folder and FATs.
    ///
    /// With `n` clusters of `s` sectors, a FAT of `f` sectors with `b` bits each and entries of `w`
    /// bits has (n + 2) w ≤ f b, and the volume V ≥ R + 2 f + n s, where R is everything except
    /// FATs and clusters. The least `f` that is enough for every `n` that fits is the quotient
    /// below; alignment only takes clusters away.
    init(_ format: FATFormat, volume: SectorCount) {
        self.format = format
        self.volume = volume
        let (width, sectors) = (format.type.entryBitCount, format.cluster.value)
        let room = (volume - format.minimumOverhead).value
        let numerator = width * (room + ClusterNumber.reservedCount * sectors)
        let denominator = format.bitsPerSector * sectors + FATFormat.fatCopies * width
        fat = SectorCount((numerator + denominator - 1) / denominator)
        clusterCount = (volume - Self.dataStart(format, fat: fat)).value / sectors
    }

    /// The largest volume of whole MiB that has no more clusters than are planned for its type.
    static func largest(_ format: FATFormat) -> FATGeometry {
        let limit = format.type.plannedClusterCounts.upperBound
        let mebibyte = format.sectorSize.mebibyte
        var volume = format.sufficientVolume(clusterCount: limit)
            .roundedUp(toMultipleOf: mebibyte)
        while FATGeometry(format, volume: volume).clusterCount > limit {
            volume = volume - mebibyte
        }
        return FATGeometry(format, volume: volume)
    }

    /// The sectors before the FATs.
    var reserved: SectorCount {
        rootStart - SectorCount(FATFormat.fatCopies * fat.value)
    }

    /// The first sector of a root folder with its own area, from the volume's start.
    var rootStart: SectorCount { dataStart - format.root }

    /// The first sector of cluster 2, from the volume's start; a multiple of 4 KiB.
    var dataStart: SectorCount { Self.dataStart(format, fat: fat) }

    private static func dataStart(_ format: FATFormat, fat: SectorCount) -> SectorCount {
        (format.minimumOverhead + SectorCount(FATFormat.fatCopies * fat.value))
            .roundedUp(toMultipleOf: format.sectorSize.page)
    }

    /// The first sector of a cluster, from the volume's start.
    func sector(of number: ClusterNumber) -> SectorCount {
        let index = UInt64(number.rawValue) - ClusterNumber.reservedCount
        return dataStart + SectorCount(index * format.cluster.value)
    }
}
