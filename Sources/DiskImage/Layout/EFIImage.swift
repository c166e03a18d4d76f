/// An image for UEFI: GPT with one EFI system partition, FAT32.
///
///     sector 0        protective MBR
///     sectors 1–33    GPT
///     sector 2048…    EFI system partition, whole MiB
///     last 1 MiB      backup GPT in the last 33 sectors
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

    /// An image with these files; ``layOut()`` checks them.
    public init(
        files: [File], identity: ImageIdentity, timestamp: FATTimestamp = .epoch,
        volumeLabel: String = "BOOTIMAGE"
    ) {
        self.files = files
        self.identity = identity
        self.timestamp = timestamp
        self.volumeLabel = volumeLabel
    }

    private static let start = LBA.firstPartition
    /// What follows the partition: the backup GPT, in a whole MiB so that the partition ends where
    /// partitioning tools would let it end.
    private static let tail = GUIDPartitionTable.backupSectors.roundedUp(
        toMultipleOf: .mebibytes(1))
    private static let smallestCluster = SectorCount(1)
    /// 32 KiB, 16 KiB, … 1 KiB.
    private static let largerClusters = (1...6).reversed().map { SectorCount(1 << $0) }

    /// Plans the image: the smallest that holds the files and enough clusters to be FAT32, with
    /// the largest clusters for which it does.
    ///
    /// Folders whose names differ only in case are one, under the name that comes first.
    ///
    /// - Throws: ``LayoutError`` for what FAT does not allow, or if the image would pass 2³² − 1
    ///   sectors.
    public func layOut() throws(LayoutError) -> ImageLayout {
        guard let label = VolumeLabel(volumeLabel) else {
            throw .badVolumeLabel(found: volumeLabel)
        }
        let tree = try FolderTree(files)
        let (allocation, geometry) = try place(tree)
        let volume = FATVolume(
            tree: tree, allocation: allocation, geometry: geometry, start: Self.start,
            volumeID: identity.derive("volume ID").nonZeroWord, label: label,
            timestamp: timestamp)
        return frame(volume)
    }

    private func place(
        _ tree: FolderTree
    ) throws(LayoutError) -> (FATAllocation, FATGeometry) {
        let content = files.reduce(ByteCount.zero) { $0 + $1.content.byteCount }
        _ = try ImageSize.enclosing(Self.start + content.sectorsRoundedUp)
        for cluster in Self.largerClusters {
            let allocation = FATAllocation(tree, cluster: cluster)
            let geometry = try Self.geometry(for: allocation.clusterCount, cluster: cluster)
            if geometry.clusterCount >= FATGeometry.plannedMinimumClusterCount {
                return (allocation, geometry)
            }
        }
        let allocation = FATAllocation(tree, cluster: Self.smallestCluster)
        let count = max(allocation.clusterCount, FATGeometry.plannedMinimumClusterCount)
        return (allocation, try Self.geometry(for: count, cluster: Self.smallestCluster))
    }

    /// The sizes of a volume that fills up the smallest image with room for so many clusters.
    private static func geometry(
        for clusterCount: UInt64, cluster: SectorCount
    ) throws(LayoutError) -> FATGeometry {
        let volume = FATGeometry.sufficientVolume(clusterCount: clusterCount, cluster: cluster)
        let size = try ImageSize.enclosing(start + volume + tail)
        return FATGeometry(volume: LBA(size.value) - start - tail, cluster: cluster)
    }

    /// The volume as the only partition of a disk.
    private func frame(_ volume: FATVolume) -> ImageLayout {
        let sectors = SectorRange(start: Self.start, count: volume.geometry.volume)
        let size = sectors.end + Self.tail - LBA(0)
        let protective = MasterBootRecord.protective(
            sectors: size, diskSignature: identity.derive("disk signature").nonZeroWord)
        let table = GUIDPartitionTable(
            disk: size, diskGUID: identity.derive("disk GUID").guid,
            partitions: [
                GPTPartitionEntry(
                    type: GPTPartitionEntry.efiSystem, guid: identity.derive("partition GUID").guid,
                    sectors: sectors, label: "EFI System Partition")
            ])
        return ImageLayout(
            size: size,
            extents: [Extent("protective MBR", at: LBA(0), .bytes(protective.encoded()))]
                + table.primaryExtents + volume.extents + table.backupExtents)
    }
}
