/// The files of a FAT volume, as they were found.
public struct FATVolumeContents: Equatable, Sendable {
    /// One file.
    public struct File: Equatable, Sendable {
        /// The path from the root, with a slash before each name.
        public let path: String
        /// How long it is.
        public let byteCount: UInt64
        /// Where its bytes lie, in bytes from the disk's start, in its order.
        public let runs: [Range<UInt64>]
        /// When it was last written.
        public let modified: FATTimestamp
    }

    /// One folder.
    public struct Folder: Equatable, Sendable {
        /// The path from the root, with a slash before each name; empty for the root.
        public let path: String
        /// Where its entries lie, in bytes from the disk's start, in their order.
        public let runs: [Range<UInt64>]
        /// When it was last written; `nil` for the root, which has no entry.
        public let modified: FATTimestamp?
    }

    /// Clusters in a row that belong to no file and no folder.
    public struct Unowned: Equatable, Sendable {
        /// What the FAT says of them.
        public enum Mark: Sendable {
            /// They may be taken.
            case free
            /// The medium has lost them.
            case bad
            /// They are in use, by nothing.
            case lost
        }

        /// What the FAT says of them.
        public let mark: Mark
        /// Where they lie, in bytes from the disk's start.
        public let bytes: Range<UInt64>
    }

    /// The number of its partition, from 1 on; `nil` if a volume is all there is.
    public internal(set) var partition: Int?
    /// Where the volume starts, in bytes from the disk's start.
    public let offset: UInt64
    /// How long it is.
    public let byteCount: UInt64
    /// What its number of clusters makes it.
    public let type: FATType
    /// The volume's serial number; 0 if it has none.
    public let volumeID: UInt32
    /// The name in the root folder; `nil` without one.
    public let label: String?
    /// How long a cluster is, in bytes.
    public let clusterByteCount: UInt64
    /// How many clusters there are.
    public let clusterCount: UInt64
    /// Where the first cluster, number 2, starts, in bytes from the disk's start.
    public let dataOffset: UInt64
    /// The files, folder by folder, in the order of the entries.
    public let files: [File]
    /// The folders, each after the one around it; the first is the root.
    public let folders: [Folder]
    /// What belongs to nothing, in the order of the clusters.
    public let unowned: [Unowned]
}

extension DiskSource {
    /// The bytes of a file's runs from `start` on, as many as there are up to `count`.
    func read(
        _ count: Int, of runs: [Range<UInt64>], from start: UInt64 = 0
    ) throws(DiskReadError) -> [UInt8] {
        var bytes: [UInt8] = []
        var skipped: UInt64 = 0
        for run in runs where bytes.count < count {
            let length = run.upperBound - run.lowerBound
            defer { skipped += length }
            let first = start > skipped ? start - skipped : 0
            guard first < length else { continue }
            let missing = min(UInt64(count - bytes.count), length - first)
            bytes += try read(Int(missing), at: run.lowerBound + first)
        }
        return bytes
    }
}
