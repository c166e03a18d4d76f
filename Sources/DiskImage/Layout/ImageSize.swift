/// The sizes that images may have: whole MiB, up to what 32 bits of sectors can tell.
enum ImageSize {
    /// The most sectors: what an MBR entry and a FAT32 boot sector hold.
    static let maximum = SectorCount(UInt64(UInt32.max))
    private static let unit = SectorCount.mebibytes(1)

    /// The smallest size for an image whose content ends at `end`.
    static func enclosing(_ end: LBA) throws(LayoutError) -> SectorCount {
        let size = SectorCount(end.value).roundedUp(toMultipleOf: unit)
        guard size <= maximum else { throw .imageTooLong(found: size, allowed: maximum) }
        return size
    }
}
