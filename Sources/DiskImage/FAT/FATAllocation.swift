/// Which clusters each folder and each file of a volume gets.
///
/// The folders come first, the root in cluster 2, then the files, each from a multiple of 4 KiB on.
/// Everything is contiguous: a loader reads a file in one go.
struct FATAllocation {
    /// The clusters of the tree's folders.
    let folders: [ClusterRun]
    /// The clusters of the tree's files.
    let files: [ClusterRun]
    /// How many clusters lie before the end of the last run, gaps included.
    let clusterCount: UInt64

    /// Places a tree in clusters of that size.
    init(_ tree: FolderTree, cluster: ByteCount) {
        var cursor = Cursor(cluster: cluster)
        folders = tree.folders.map { folder in
            cursor.take(ByteCount(UInt64(folder.entryCount * DirectoryEntry.byteCount)))
        }
        files = tree.files.map { file in
            guard file.content.byteCount != .zero else {
                return ClusterRun(first: .none, count: 0)
            }
            cursor.align()
            return cursor.take(file.content.byteCount)
        }
        clusterCount = cursor.position
    }

    /// How many clusters hold something, gaps not counted.
    var usedCount: UInt64 {
        (folders + files).reduce(0) { $0 + $1.count }
    }

    private struct Cursor {
        let cluster: ByteCount
        var position: UInt64 = 0

        /// Moves on to a multiple of 4 KiB; the data area starts at one.
        mutating func align() {
            let unit = ByteCount.kibibytes(4).divided(intoPiecesOf: cluster)
            position = (position + unit - 1) / unit * unit
        }

        mutating func take(_ length: ByteCount) -> ClusterRun {
            let count = length.divided(intoPiecesOf: cluster)
            defer { position += count }
            return ClusterRun(first: .first + position, count: count)
        }
    }
}
