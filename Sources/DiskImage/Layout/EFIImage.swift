/// An image for UEFI: GPT with one EFI system partition, FAT32.
///
/// In sectors of 512 bytes and of 4 KiB:
///
///     sector 0        sector 0       protective MBR
///     sectors 1–33    sectors 1–5    GPT
///     sector 2048…    sector 256…    EFI system partition, whole MiB
///     last 1 MiB      last 1 MiB     backup GPT in the last 33 or 5 sectors
///
/// With sectors of 4 KiB it is at least 259 MiB long, mostly holes: no cluster is shorter than a
/// sector, and FAT32 begins at 65,525 clusters.
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

    /// An image with these files; ``layOut()`` checks them.
    public init(
        files: [File], identity: ImageIdentity, timestamp: FATTimestamp = .epoch,
        volumeLabel: String = "BOOTIMAGE", sectorSize: SectorSize = .bytes512
    ) {
        self.files = files
        self.identity = identity
        self.timestamp = timestamp
        self.volumeLabel = volumeLabel
        self.sectorSize = sectorSize
    }

    private var start: LBA { sectorSize.firstPartition }
    /// What follows the partition: the backup GPT, in a whole MiB so that the partition ends where
    /// partitioning tools would let it end.
    private var tail: SectorCount {
        GUIDPartitionTable.backupSectors(of: sectorSize).roundedUp(
            toMultipleOf: sectorSize.mebibyte)
    }
    private static let smallestCluster = SectorCount(1)
    /// 32 KiB, 16 KiB, … two sectors.
    private var largerClusters: [SectorCount] {
        let largest = sectorSize.sectors(holding: .kibibytes(32)).value
        return sequence(first: largest) { $0 / 2 }.prefix { $0 > 1 }.map(SectorCount.init)
    }

    /// Plans the image: the smallest that holds the files and enough clusters to be FAT32, with
    /// the largest clusters for which it does.
    ///
    /// Folders whose names differ only in case are one, under the name that comes first.
    ///
    /// - Throws: ``LayoutError`` for what FAT does not allow, or if the image would reach 2 TiB.
    public func layOut() throws(LayoutError) -> ImageLayout {
        guard let label = VolumeLabel(volumeLabel) else {
            throw .badVolumeLabel(found: volumeLabel)
        }
        let tree = try FolderTree(files)
        let (allocation, geometry) = try place(tree)
        let volume = FATVolume(
            tree: tree, allocation: allocation, geometry: geometry, start: start,
            volumeID: identity.derive("volume ID").nonZeroWord, label: label,
            timestamp: timestamp)
        return frame(volume)
    }

    private func place(
        _ tree: FolderTree
    ) throws(LayoutError) -> (FATAllocation, FATGeometry) {
        let content = files.reduce(ByteCount.zero) { $0 + $1.content.byteCount }
        _ = try ImageSize.enclosing(start + sectorSize.sectors(holding: content), sectorSize)
        for cluster in largerClusters {
            let allocation = FATAllocation(tree, cluster: sectorSize.bytes(in: cluster))
            let geometry = try geometry(for: allocation.clusterCount, cluster: cluster)
            if geometry.clusterCount >= FATGeometry.plannedMinimumClusterCount {
                return (allocation, geometry)
            }
        }
        let allocation = FATAllocation(tree, cluster: sectorSize.bytes(in: Self.smallestCluster))
        let count = max(allocation.clusterCount, FATGeometry.plannedMinimumClusterCount)
        return (allocation, try geometry(for: count, cluster: Self.smallestCluster))
    }

    /// The sizes of a volume that fills up the smallest image with room for so many clusters.
    private func geometry(
        for clusterCount: UInt64, cluster: SectorCount
    ) throws(LayoutError) -> FATGeometry {
        let volume = FATGeometry.sufficientVolume(
            sectorSize: sectorSize, clusterCount: clusterCount, cluster: cluster)
        let size = try ImageSize.enclosing(start + volume + tail, sectorSize)
        return FATGeometry(
            sectorSize: sectorSize, volume: LBA(size.value) - start - tail, cluster: cluster)
    }

    /// The volume as the only partition of a disk.
    private func frame(_ volume: FATVolume) -> ImageLayout {
        let sectors = SectorRange(start: start, count: volume.geometry.volume)
        let size = sectors.end + tail - LBA(0)
        let protective = MasterBootRecord.protective(
            sectors: size, diskSignature: identity.derive("disk signature").nonZeroWord)
        let table = GUIDPartitionTable(
            sectorSize: sectorSize, disk: size, diskGUID: identity.derive("disk GUID").guid,
            partitions: [
                GPTPartitionEntry(
                    type: GPTPartitionEntry.efiSystem, guid: identity.derive("partition GUID").guid,
                    sectors: sectors, label: "EFI System Partition")
            ])
        return ImageLayout(
            sectorSize: sectorSize, size: size,
            extents: [Extent("protective MBR", at: LBA(0), .bytes(protective.encoded()))]
                + table.primaryExtents + volume.extents + table.backupExtents)
    }
}
