/// A FAT volume with its files, as found.
public struct FATVolumeContents: Equatable, Sendable {
    /// One file.
    public struct File: Equatable, Sendable {
        /// The path from the root, with a slash before each name.
        public let path: String
        /// Its length.
        public let byteCount: UInt64
        /// Its extents in order, in bytes from the disk's start.
        public let runs: [Range<UInt64>]
        /// The last write.
        public let modified: FATTimestamp
    }

    /// One folder.
    public struct Folder: Equatable, Sendable {
        /// The path from the root, with a slash before each name; empty for the root.
        public let path: String
        /// The extents of its entries in order, in bytes from the disk's start.
        public let runs: [Range<UInt64>]
        /// The last write; `nil` for the root, which has no entry.
        public let modified: FATTimestamp?
        /// The first cluster; 0 for the root of FAT12 and FAT16, which has no clusters.
        let cluster: UInt32
        /// The cluster in `..`; 0 for the root and the folders in it.
        let parent: UInt32
    }

    /// Consecutive clusters that belong to no file and no folder.
    public struct Unowned: Equatable, Sendable {
        /// Their state in the FAT.
        public enum Mark: Sendable {
            /// Free.
            case free
            /// Marked as unreadable.
            case bad
            /// In use, but without an owner.
            case lost
        }

        /// Their state in the FAT.
        public let mark: Mark
        /// Where they are, in bytes from the disk's start.
        public let bytes: Range<UInt64>
    }

    /// The number of its partition, from 1; `nil` on a disk without partitions.
    public internal(set) var partition: Int?
    let boot: FATBootSector
    /// Where the volume starts, in bytes from the disk's start.
    public var offset: UInt64 { boot.region.offset }
    /// Its length.
    public var byteCount: UInt64 { boot.sectors(0, boot.total).byteCount }
    /// Its type, determined by the number of clusters.
    public var type: FATType { boot.type }
    /// The volume's serial number; 0 if it has none.
    public var volumeID: UInt32 { boot.volumeID }
    /// The label in the root folder; `nil` without one.
    public let label: String?
    /// The length of a cluster, in bytes.
    public var clusterByteCount: UInt64 { boot.clusterByteCount }
    /// The number of clusters.
    public var clusterCount: UInt64 { boot.clusterCount }
    /// Where the first cluster, number 2, starts, in bytes from the disk's start.
    public var dataOffset: UInt64 { boot.offset(ofCluster: ClusterNumber.first.rawValue) }
    /// The files, folder by folder, in the order of the entries.
    public let files: [File]
    /// The folders, each after the one around it; the first is the root.
    public let folders: [Folder]
    /// The clusters without an owner, in order.
    public let unowned: [Unowned]
}
