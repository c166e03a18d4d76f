/// What lies where in a disk image, from its first sector to its last, and what its structures say.
///
/// A value: it is read from the image once, and whoever shows it asks the image nothing more.
public struct ImageMap: Equatable, Sendable {
    /// Code that firmware starts.
    public struct Loader: Equatable, Sendable {
        /// "boot sector", or a file's path.
        public let place: String
        /// Where it starts, in bytes from the image's start.
        public let offset: UInt64
        /// Whether it is a BIOS that starts it; otherwise UEFI firmware does.
        public let isForBIOS: Bool
        /// Whether it is a PE image with a signature, good or bad.
        public let isSigned: Bool
        /// What its bytes are, without a signature and what differs from disk to disk.
        public let digest: ContentDigest
    }

    /// What kind of image it is, such as "GPT, sectors of 512 bytes"; `nil` if that is not known.
    public let kind: String?
    /// The image's length.
    public let byteCount: ByteCount
    /// The length of the disk's sectors: 512 bytes, or what a GPT tells.
    public let sectorSize: SectorSize
    /// The first sector; `nil` where it is a FAT volume's own.
    public let bootSector: BootSector?
    /// The GUID partition table, if there is one.
    public let table: GPTMap?
    /// The partitions, in the order of their table.
    public let partitions: [DiskPartition]
    /// The FAT volumes and what is in them.
    public let volumes: [FATVolumeContents]
    /// What the loader for BIOS loads.
    public let payload: Verification.Payload?
    /// The ISO 9660 volume, if the disk is one.
    public let isoVolume: ISOContents?
    /// What firmware would start.
    public let loaders: [Loader]
    /// All sectors from the first to the last, each in one region.
    public let regions: [DiskRegion]

    /// How many sectors there are; the last one may be cut short.
    public var sectorCount: SectorCount { sectorSize.sectors(holding: byteCount) }

    /// Whether there is anything that makes it a disk's image.
    public var isImage: Bool {
        kind != nil || isoVolume != nil || bootSector?.hasSignature == true
    }

    /// The map of an image; what the checks have found of volumes and payload is taken from them.
    public init(
        of source: some DiskSource, _ verification: Verification
    ) throws(DiskReadError) {
        var reader = ImageMapReader(source, verification)
        self = try reader.map()
    }

    init(
        _ verification: Verification, _ byteCount: ByteCount, bootSector: BootSector? = nil,
        table: GPTMap? = nil, partitions: [DiskPartition] = [], isoVolume: ISOContents? = nil,
        payload: Verification.Payload? = nil, loaders: [Loader], regions: [DiskRegion]
    ) {
        (kind, sectorSize) = (verification.kind, verification.sectorSize)
        (volumes, self.payload) = (verification.volumes, payload)
        self.byteCount = byteCount
        self.bootSector = bootSector
        (self.table, self.partitions) = (table, partitions)
        (self.isoVolume, self.loaders, self.regions) = (isoVolume, loaders, regions)
    }
}
