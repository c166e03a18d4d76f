/// The sizes that images may have: whole MiB, less than 2 TiB.
enum ImageSize {
    /// What 2³² − 1 sectors of 512 bytes hold: the most that MBR entries and FAT32 can tell.
    ///
    /// It is the limit for longer sectors too, with which FAT32 would otherwise run out of cluster
    /// numbers before it runs out of sectors.
    static let maximum = SectorSize.bytes512.bytes(in: SectorCount(UInt64(UInt32.max)))

    /// The smallest size for an image whose content ends at `end`, at least `minimum`.
    static func enclosing(
        _ end: LBA, _ sectorSize: SectorSize, minimum: ByteCount = .zero
    ) throws(LayoutError) -> SectorCount {
        guard minimum <= maximum else { throw .imageTooLong(found: minimum, allowed: maximum) }
        let size = max(SectorCount(end.value), sectorSize.sectors(holding: minimum)).roundedUp(
            toMultipleOf: sectorSize.mebibyte)
        let found = sectorSize.bytes(in: size)
        guard found <= maximum else { throw .imageTooLong(found: found, allowed: maximum) }
        return size
    }
}
