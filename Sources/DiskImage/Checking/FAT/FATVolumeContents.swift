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
    }

    /// A structure before the clusters.
    struct Structure: Equatable, Sendable {
        let name: String
        /// Where it is, in bytes from the disk's start.
        let bytes: Range<UInt64>
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
    /// Where the volume starts, in bytes from the disk's start.
    public let offset: UInt64
    /// Its length.
    public let byteCount: UInt64
    /// Its type, determined by the number of clusters.
    public let type: FATType
    /// The volume's serial number; 0 if it has none.
    public let volumeID: UInt32
    /// The label in the root folder; `nil` without one.
    public let label: String?
    /// The length of a cluster, in bytes.
    public let clusterByteCount: UInt64
    /// The number of clusters.
    public let clusterCount: UInt64
    /// Where the first cluster, number 2, starts, in bytes from the disk's start.
    public let dataOffset: UInt64
    let structures: [Structure]
    /// The files, folder by folder, in the order of the entries.
    public let files: [File]
    /// The folders, each after the one around it; the first is the root.
    public let folders: [Folder]
    /// The clusters without an owner, in order.
    public let unowned: [Unowned]
}
