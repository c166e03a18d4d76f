/// An image for UEFI: GPT with one EFI system partition, FAT32 unless another type is asked for.
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
/// With ``biosBoot`` it starts on BIOS too: the MBR has boot code, and a BIOS boot partition of
/// 1 MiB follows the EFI system partition.
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

    /// The files; the folders in their paths are made.
    public let files: [File]
    /// Where the GUIDs, the volume ID and the disk signature come from.
    public let identity: ImageIdentity
    /// The time of every file and folder.
    public let timestamp: FATTimestamp
    /// The volume's name: 1…11 capitals, digits or punctuation.
    public let volumeLabel: String
    /// The length of the disk's sectors: firmware finds nothing on a disk with others.
    public let sectorSize: SectorSize
    /// What the file system is; UEFI firmware reads all three.
    public let fatType: FATType
    /// What a BIOS starts, if one is to; for sectors of 512 bytes alone.
    public let biosBoot: BIOSBoot?
    /// Whether it is a disc's image too; only with ``biosBoot``.
    ///
    /// An ISO 9660 volume with Joliet then shows the same files, with a boot catalogue (El Torito)
    /// for BIOS and UEFI.
    public let isDisc: Bool
    /// The EFI system partition's size at least.
    public let espSize: ByteCount
    /// The image's size at least; what no partition takes stays free.
    public let imageSize: ByteCount
    /// What follows the EFI system partition and the BIOS boot partition.
    public let partitions: [ExtraPartition]

    /// An image with these files; ``layOut()`` checks them.
    public init(
        files: [File], identity: ImageIdentity, timestamp: FATTimestamp = .epoch,
        volumeLabel: String = "BOOTIMAGE", sectorSize: SectorSize = .bytes512,
        fatType: FATType = .fat32, biosBoot: BIOSBoot? = nil, isDisc: Bool = false,
        espSize: ByteCount = .zero, imageSize: ByteCount = .zero, partitions: [ExtraPartition] = []
    ) {
        precondition(
            biosBoot == nil || sectorSize == .bytes512, "no BIOS starts a disk with other sectors")
        precondition(biosBoot != nil || !isDisc, "a disc starts on BIOS too")
        self.files = files
        self.identity = identity
        self.timestamp = timestamp
        self.volumeLabel = volumeLabel
        self.sectorSize = sectorSize
        self.fatType = fatType
        self.biosBoot = biosBoot
        self.isDisc = isDisc
        self.espSize = espSize
        self.imageSize = imageSize
        self.partitions = partitions
    }

    /// The identity of an image with those files, in any order, and that loader for BIOS.
    public static func identity(
        files: [(name: String, digest: ContentDigest)], biosLoader: ContentDigest?
    ) -> ImageIdentity {
        ImageIdentity(files + (biosLoader.map { [("BIOS loader", $0)] } ?? []))
    }

    private var start: LBA { sectorSize.firstPartition }

    /// The size of the image whose partition has room for that volume.
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

    /// Plans the image: the smallest that holds the files and is of its type.
    ///
    /// With FAT32 that is the smallest with the longest clusters of which there are enough; with
    /// FAT12 and FAT16 it is the smallest with any clusters, and of several the one with the
    /// shortest.
    ///
    /// Folders whose names differ only in case are one, under the name that comes first.
    ///
    /// - Throws: ``LayoutError`` for what FAT does not allow, or if the image would reach 2 TiB.
    public func layOut() throws(LayoutError) -> ImageLayout {
        guard let label = VolumeLabel(volumeLabel) else {
            throw .badVolumeLabel(found: volumeLabel)
        }
        let tree = try FolderTree(files)
        let content = files.reduce(ByteCount.zero) { $0 + $1.content.byteCount }
        _ = try Self.size(around: sectorSize.sectors(holding: content), sectorSize)
        let placement = try FATPlacement(tree, fatType, sectorSize, minimum: espSize)
        let volume = FATVolume(
            tree: tree, allocation: placement.allocation, geometry: placement.geometry,
            start: start, volumeID: identity.derive("volume ID").nonZeroWord, label: label,
            timestamp: timestamp)
        return try disk(with: volume)
    }

    /// The disk with that volume in its first partition.
    private func disk(with volume: FATVolume) throws(LayoutError) -> ImageLayout {
        let system = PlannedPartition(
            type: GPTPartitionEntry.efiSystem, label: "EFI System Partition",
            purpose: "partition GUID",
            sectors: SectorRange(start: start, count: volume.geometry.volume),
            extents: volume.extents)
        let boot = try biosBoot.map { boot throws(LayoutError) in
            try BIOSBootPartition(
                boot, at: system.sectors.end, files: system.extents, isForDisc: isDisc)
        }
        let disk = GPTDisk(
            sectorSize: sectorSize, identity: identity, bootCode: boot?.bootCode,
            isProtectiveEntryActive: biosBoot?.isProtectiveEntryActive ?? false,
            partitions: try following([system] + (boot.map { [$0.planned] } ?? [])),
            minimum: imageSize)
        guard isDisc, let boot else { return try disk.layOut() }
        let catalogue = BootCatalogue(
            bios: BootCatalogue.Entry(
                start: ISOVolume.sector(boot.start), sectorCount: BIOSLoader.discSectorCount),
            uefi: BootCatalogue.Entry(
                start: ISOVolume.sector(start),
                sectorCount: UInt16(exactly: volume.geometry.volume.value) ?? 0))
        return try disk.layOut(
            gap: ISOVolume(volume).extents(disk: disk.size(), boot: catalogue))
    }

    /// These partitions and the user's, one behind another.
    private func following(
        _ first: [PlannedPartition]
    ) throws(LayoutError) -> [PlannedPartition] {
        var all = first
        for partition in partitions {
            all.append(
                try partition.planned(
                    at: all[all.count - 1].sectors.end, number: all.count + 1, of: self))
        }
        return all
    }
}
