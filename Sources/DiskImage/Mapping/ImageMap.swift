/// The content of a disk image, from its first sector to its last, and of its structures.
///
/// It is read from the image once.
public struct ImageMap: Equatable, Sendable {
    /// Code that firmware starts.
    public struct Loader: Equatable, Sendable {
        /// "boot sector", or a file's path.
        public let place: String
        /// Where it starts, in bytes from the image's start.
        public let offset: UInt64
        /// Whether a BIOS starts it; otherwise UEFI firmware does.
        public let isForBIOS: Bool
        /// Whether it is a PE file with a signature, valid or not.
        public let isSigned: Bool
        /// The digest of its bytes, without signatures and what differs between disks.
        public let digest: ContentDigest
    }

    /// The kind of image, such as "GPT, sectors of 512 bytes"; `nil` if unknown.
    public let kind: String?
    /// The image's length.
    public let byteCount: ByteCount
    /// The size of the disk's sectors: 512 bytes, or that of its GPT.
    public let sectorSize: SectorSize
    /// The first sector; `nil` if it is a FAT volume's boot sector.
    public internal(set) var bootSector: BootSector?
    /// The GUID partition table; `nil` without one.
    public internal(set) var table: GPTMap?
    /// The partitions, in the order of their table.
    public internal(set) var partitions: [DiskPartition] = []
    /// The FAT volumes and their files.
    public let volumes: [FATVolumeContents]
    /// The items that the BIOS loader loads.
    public internal(set) var payload: Verification.Payload?
    /// The ISO 9660 volume; `nil` without one.
    public internal(set) var isoVolume: ISOContents?
    /// The loaders that firmware would start.
    public internal(set) var loaders: [Loader] = []
    /// The regions, from the first sector to the last; each sector is in exactly one.
    public internal(set) var regions: [DiskRegion] = []

    /// The number of sectors; the last one may be incomplete.
    public var sectorCount: SectorCount { sectorSize.sectors(holding: byteCount) }

    /// Whether it looks like a disk image.
    public var isImage: Bool {
        kind != nil || isoVolume != nil || bootSector?.hasSignature == true
    }
}

extension ImageMap {
    /// Reads the map of an image; volumes and payload come from its verification.
    public init(of source: some DiskSource, _ verification: Verification) throws(DiskReadError) {
        var reader = ImageMapReader(source, verification)
        self = try reader.map()
    }
}
