extension BIOSParameterBlock {
    /// Reads the fields of a volume with two FATs as a driver does, which tells its type by the
    /// number of clusters; refuses fields that contradict it.
    public init(from reader: inout ByteReader) throws(FormatError) {
        try reader.skip(11)
        sectorSize = try Self.readSectorSize(from: &reader)
        let cluster: UInt8 = try reader.read("sectors per cluster", allowed: "a power of two") {
            $0.nonzeroBitCount == 1
        }
        self.cluster = SectorCount(UInt64(cluster))
        let reserved: UInt16 = try reader.read("reserved sectors", allowed: "above 0") { $0 > 0 }
        self.reserved = SectorCount(UInt64(reserved))
        try reader.expect(UInt8(FATFormat.fatCopies), "number of FATs")
        rootEntryCount = try reader.read()
        let shortVolume: UInt16 = try reader.read()
        try reader.expect(Self.medium, "medium")
        let shortFAT: UInt16 = try reader.read()
        try reader.skip(4)
        hidden = SectorCount(UInt64(try reader.read(UInt32.self)))
        let longVolume: UInt32 = try reader.read()
        volume = SectorCount(shortVolume > 0 ? UInt64(shortVolume) : UInt64(longVolume))
        (fat, root) = try Self.readTable(from: &reader, shortFAT: shortFAT)
        try reader.skip(2)
        try reader.expect(Self.extendedMark, "extended boot signature")
        volumeID = try reader.read()
        label = VolumeLabel(decoding: try reader.read(ShortName.byteCount))
        try reader.skip(Self.byteCount - 2 - reader.offset)
        try reader.expect(MasterBootRecord.signature, "signature")
        type = try Self.type(
            of: Sizes(
                sectorSize: sectorSize, cluster: self.cluster, reserved: self.reserved, fat: fat,
                rootEntryCount: rootEntryCount, volume: volume),
            hasFieldsOfFAT32: shortFAT == 0)
        guard type != .fat32 || shortVolume == 0 else {
            throw .badField(
                structure: Self.name, field: "total sectors in 16 bits", offset: 19,
                found: UInt64(shortVolume), allowed: "0 on FAT32")
        }
    }

    private static func readSectorSize(
        from reader: inout ByteReader
    ) throws(FormatError) -> SectorSize {
        let start = reader.offset
        let found: UInt16 = try reader.read()
        guard let size = SectorSize(rawValue: Int(found)) else {
            throw .badField(
                structure: name, field: "bytes per sector", offset: start, found: UInt64(found),
                allowed: "512 or 4096")
        }
        return size
    }

    /// The length of a FAT and the root folder's cluster; on FAT32 they have fields of their own.
    private static func readTable(
        from reader: inout ByteReader, shortFAT: UInt16
    ) throws(FormatError) -> (fat: SectorCount, root: ClusterNumber) {
        guard shortFAT == 0 else { return (SectorCount(UInt64(shortFAT)), .none) }
        let fat: UInt32 = try reader.read()
        try reader.expect(UInt16(0), "FAT flags")
        try reader.expect(UInt16(0), "file system version")
        let root: UInt32 = try reader.read()
        try reader.expect(infoSector, "FSInfo sector")
        try reader.expect(backupSector, "backup boot sector")
        try reader.skip(12)
        return (SectorCount(UInt64(fat)), ClusterNumber(rawValue: root))
    }

    /// What the number of clusters is counted from.
    private struct Sizes {
        let sectorSize: SectorSize
        let cluster: SectorCount
        let reserved: SectorCount
        let fat: SectorCount
        let rootEntryCount: UInt16
        let volume: SectorCount

        /// How many clusters lie behind the tables; 0 where the tables leave nothing.
        var clusterCount: UInt64 {
            let entryByteCount = UInt64(DirectoryEntry.byteCount)
            let root = sectorSize.sectors(
                holding: ByteCount(UInt64(rootEntryCount) * entryByteCount))
            let dataStart = reserved + SectorCount(FATFormat.fatCopies * fat.value) + root
            return volume > dataStart ? (volume - dataStart).value / cluster.value : 0
        }
    }

    private static func type(
        of sizes: Sizes, hasFieldsOfFAT32: Bool
    ) throws(FormatError) -> FATType {
        guard hasFieldsOfFAT32 == (sizes.rootEntryCount == 0) else {
            throw .badField(
                structure: name, field: "root entries", offset: 17,
                found: UInt64(sizes.rootEntryCount), allowed: "0 on FAT32, and there alone")
        }
        let type = FATType.allCases.first { $0.clusterCounts.contains(sizes.clusterCount) }
        guard let type, hasFieldsOfFAT32 == (type == .fat32) else {
            throw .badField(
                structure: name, field: "total sectors", offset: 32, found: sizes.volume.value,
                allowed: "such that the clusters fit the fields of FAT12 and FAT16, or of FAT32")
        }
        return type
    }
}
