/// Which clusters each folder and each file of a volume gets.
///
/// The folders come first, then the files, each from a multiple of 4 KiB on. On FAT32 the root is
/// in cluster 2; on FAT12 and FAT16 it is in none. Everything is contiguous: a loader reads a file
/// in one go.
struct FATAllocation {
    /// The clusters of the tree's folders.
    let folders: [ClusterRun]
    /// The clusters of the tree's files.
    let files: [ClusterRun]
    /// How many clusters lie before the end of the last run, gaps included.
    let clusterCount: UInt64

    /// Places a tree in the clusters of a volume with that format.
    init(_ tree: FolderTree, _ format: FATFormat) {
        var cursor = Cursor(cluster: format.sectorSize.bytes(in: format.cluster))
        folders = tree.folders.indices.map { index in
            guard index != FolderTree.root || format.type.hasRootInClusters else { return .none }
            return cursor.take(tree.folders[index].byteCount)
        }
        files = tree.files.map { file in
            guard file.content.byteCount != .zero else { return .none }
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
