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
    /// The files, folder by folder, in the order of the entries.
    public internal(set) var files: [File] = []
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
