/// A card for a board whose firmware reads files from a FAT32 partition, as a Raspberry Pi's does.
///
///     sector 0       MBR with one entry of type 0x0C
///     sector 2048…   FAT32, to the end
///
/// The size is a power of two, as QEMU requires of an SD card; at least 64 MiB, mostly holes.
public struct CardImage: Equatable, Sendable {
    /// The files; the folders in their paths are created.
    public let files: [EFIImage.File]
    /// The source of the volume ID and the disk signature.
    public let identity: ImageIdentity
    /// The time of every file and folder.
    public let timestamp: FATTimestamp
    /// The volume's label: 1…11 capitals, digits or punctuation.
    public let label: String
    /// The least size of the image.
    public let minimum: ByteCount

    /// A card with these files; ``layOut()`` checks them.
    public init(
        files: [EFIImage.File], identity: ImageIdentity, timestamp: FATTimestamp = .epoch,
        label: String = "BOOTIMAGE", minimum: ByteCount = .zero
    ) {
        self.files = files
        self.identity = identity
        self.timestamp = timestamp
        self.label = label
        self.minimum = minimum
    }

    /// SD cards have these sectors.
    private static let sectorSize = SectorSize.bytes512
    private static let start = sectorSize.firstPartition
    /// The largest power of two that an MBR entry can express.
    static let maximum = ByteCount(1 << 40)

    /// Plans the smallest card that holds the files.
    ///
    /// - Throws: ``LayoutError`` for files that FAT does not allow, or if the card would have more
    ///   than 1 TiB.
    public func layOut() throws(LayoutError) -> ImageLayout {
        guard let label = VolumeLabel(label) else { throw .badVolumeLabel(found: label) }
        let tree = try FolderTree(files)
        let volume = FATVolume(
            tree: tree, placement: try placement(of: tree), start: Self.start,
            volumeID: identity.derive("volume ID").nonZeroWord, label: label,
            timestamp: timestamp)
        let sectors = SectorRange(start: Self.start, count: volume.geometry.volume)
        let record = MasterBootRecord(
            bootCode: MasterBootRecord.notForBIOS,
            diskSignature: identity.derive("disk signature").nonZeroWord,
            partitions: [MBRPartitionEntry(isActive: false, kind: .fat32, sectors: sectors)])
        return ImageLayout(
            sectorSize: Self.sectorSize, size: SectorCount(sectors.end.value),
            extents: [Extent("MBR", at: LBA(0), .bytes(record.encoded()))] + volume.extents,
            bootRecord: record)
    }

    /// The volume that fills a card; a larger one may need other clusters.
    private func placement(of tree: FolderTree) throws(LayoutError) -> FATPlacement {
        let content = files.reduce(ByteCount.zero) { $0 + $1.content.byteCount }
        let mebibyte = ByteCount.mebibytes(1)
        var size = try Self.size(holding: max(content + mebibyte, minimum))
        while true {
            let placement = try FATPlacement(
                tree, .fat32, Self.sectorSize, minimum: size - mebibyte)
            let found = Self.sectorSize.bytes(in: placement.geometry.volume) + mebibyte
            if found == size { return placement }
            size = try Self.size(holding: found)
        }
    }

    private static func size(holding found: ByteCount) throws(LayoutError) -> ByteCount {
        guard found <= maximum else { throw .cardTooLong(found: found, allowed: maximum) }
        var size = ByteCount.mebibytes(64)
        while size < found { size += size }
        return size
    }
}
