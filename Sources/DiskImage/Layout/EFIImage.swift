/// An image for UEFI: a GPT with one EFI system partition, FAT32 by default.
///
/// In sectors of 512 bytes and of 4 KiB:
///
///     sector 0        sector 0       protective MBR
///     sectors 1–33    sectors 1–5    GPT
///     sector 2048…    sector 256…    EFI system partition, whole MiB
///     last 1 MiB      last 1 MiB     backup GPT in the last 33 or 5 sectors
///
/// With FAT32 it is at least 35 MiB long, with sectors of 4 KiB 259 MiB, mostly holes: no cluster
/// is shorter than a sector, and FAT32 begins at 65,525 clusters. FAT12 holds up to 127 MiB, FAT16
/// up to 2,047 MiB.
///
/// A hybrid image starts on BIOS, too: the MBR has boot code, and a BIOS boot partition of 1 MiB
/// follows the EFI system partition.
public struct EFIImage: Equatable, Sendable {
    /// A file in the EFI system partition.
    public struct File: Equatable, Sendable {
        /// The path from the root, with slashes between the names and none before them.
        public let path: String
        /// Its bytes, fewer than 4 GiB.
        public let content: Content

        /// A file at that path.
        public init(path: String, content: Content) {
            self.path = path
            self.content = content
        }
    }

    /// The media that an image is for.
    public enum Medium: Equatable, Sendable {
        /// A disk with sectors of that size, for UEFI only.
        case disk(SectorSize)
        /// A disk with sectors of 512 bytes, for UEFI and BIOS.
        case hybrid(BIOSBoot)
        /// Such a disk, and a disc with the same bytes: an ISO 9660 volume with Joliet over the
        /// same files, and a boot catalogue (El Torito) for both firmwares.
        case disc(BIOSBoot)

        /// The size of the disk's sectors; firmware finds nothing on a disk with others.
        var sectorSize: SectorSize {
            if case .disk(let size) = self { size } else { .bytes512 }
        }

        fileprivate var biosBoot: BIOSBoot? {
            switch self {
            case .disk: nil
            case .hybrid(let boot), .disc(let boot): boot
            }
        }

        fileprivate var isDisc: Bool { if case .disc = self { true } else { false } }
    }

    /// The file system of the EFI system partition.
    public struct Volume: Equatable, Sendable {
        /// The type of FAT; UEFI firmware reads all three.
        public let type: FATType
        /// The label: 1…11 capitals, digits or punctuation.
        public let label: String
        /// The least size of the partition.
        public let minimum: ByteCount

        /// A volume of that type; ``EFIImage/layOut()`` checks the label.
        public init(
            _ type: FATType = .fat32, label: String = "BOOTIMAGE", minimum: ByteCount = .zero
        ) {
            self.type = type
            self.label = label
            self.minimum = minimum
        }
    }

    /// The files; the folders in their paths are created.
    public let files: [File]
    /// The source of the GUIDs, the volume ID and the disk signature.
    public let identity: ImageIdentity
    /// The time of every file and folder.
    public let timestamp: FATTimestamp
    /// The media that the image is for.
    public let medium: Medium
    /// The file system of the EFI system partition.
    public let volume: Volume
    /// The least size of the image; space in no partition stays free.
    public let minimum: ByteCount
    /// The partitions after the EFI system partition and the BIOS boot partition.
    public let partitions: [ExtraPartition]

    /// An image with these files; ``layOut()`` checks them.
    public init(
        files: [File], identity: ImageIdentity, timestamp: FATTimestamp = .epoch,
        medium: Medium = .disk(.bytes512), volume: Volume = Volume(),
        minimum: ByteCount = .zero, partitions: [ExtraPartition] = []
    ) {
        self.files = files
        self.identity = identity
        self.timestamp = timestamp
        self.medium = medium
        self.volume = volume
        self.minimum = minimum
        self.partitions = partitions
    }

    var sectorSize: SectorSize { medium.sectorSize }

    /// The size of an image whose partition has room for that volume.
    static func size(
        around volume: SectorCount, _ sectorSize: SectorSize
    ) throws(LayoutError) -> SectorCount {
        try ImageSize.enclosing(
            sectorSize.firstPartition + volume + GPTDisk.tail(sectorSize), sectorSize)
    }

    /// The partition of an image with that size, whole MiB.
    static func volume(in size: SectorCount, _ sectorSize: SectorSize) -> SectorCount {
        LBA(size.value) - sectorSize.firstPartition - GPTDisk.tail(sectorSize)
    }

    /// Plans the smallest image of its type that holds the files.
    ///
    /// With FAT32 the clusters are the longest of which there are enough, or up to 4 KiB long in a
    /// volume of up to twice the size of its content; with FAT12 and FAT16 the shortest that make
    /// the volume smallest.
    ///
    /// Folders whose names differ only in case are one, under the name that comes first.
    ///
    /// - Throws: ``LayoutError`` for files that FAT does not allow, or if the image would reach
    ///   2 TiB.
    public func layOut() throws(LayoutError) -> ImageLayout {
        guard let label = VolumeLabel(volume.label) else {
            throw .badVolumeLabel(found: volume.label)
        }
        let tree = try FolderTree(files)
        let content = files.reduce(ByteCount.zero) { $0 + $1.content.byteCount }
        _ = try Self.size(around: sectorSize.sectors(holding: content), sectorSize)
        let placement = try FATPlacement(tree, volume.type, sectorSize, minimum: volume.minimum)
        return try disk(
            with: FATVolume(
                tree: tree, placement: placement, start: sectorSize.firstPartition,
                volumeID: identity.derive("volume ID").nonZeroWord, label: label,
                timestamp: timestamp))
    }

    private func disk(with volume: FATVolume) throws(LayoutError) -> ImageLayout {
        let system = PlannedPartition(
            type: GPTPartitionEntry.efiSystem, label: "EFI System Partition",
            purpose: "partition GUID",
            sectors: SectorRange(start: volume.start, count: volume.geometry.volume),
            extents: volume.extents)
        let boot = try medium.biosBoot.map { boot throws(LayoutError) in
            try BIOSBootPartition(
                boot, at: system.sectors.end, files: system.extents, isForDisc: medium.isDisc)
        }
        let disk = GPTDisk(
            sectorSize: sectorSize, identity: identity, bootCode: boot?.bootCode,
            isProtectiveEntryActive: medium.biosBoot?.isProtectiveEntryActive ?? false,
            partitions: try following([system] + (boot.map { [$0.planned] } ?? [])),
            minimum: minimum)
        guard medium.isDisc, let boot else { return try disk.layOut() }
        let catalogue = BootCatalogue(
            bios: BootCatalogue.Entry(
                start: ISOVolume.sector(boot.planned.sectors.start),
                sectorCount: BIOSLoader.discSectorCount),
            uefi: BootCatalogue.Entry(
                start: ISOVolume.sector(volume.start),
                sectorCount: UInt16(exactly: volume.geometry.volume.value) ?? 0))
        return try disk.layOut(
            gap: ISOVolume(volume).extents(disk: disk.size(), boot: catalogue))
    }

    private func following(_ first: [PlannedPartition]) throws(LayoutError) -> [PlannedPartition] {
        var all = first
        for partition in partitions {
            all.append(
                try partition.planned(
                    at: all[all.count - 1].sectors.end, number: all.count + 1, of: self))
        }
        return all
    }
}
