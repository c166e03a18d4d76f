/// The clusters of each folder and each file in a volume.
///
/// The folders come first, then the files, each from a multiple of 4 KiB. On FAT32 the root is in
/// cluster 2; on FAT12 and FAT16 it has no cluster. Everything is contiguous, so a loader reads a
/// file at once.
struct FATAllocation {
    let folders: [ClusterRun]
    let files: [ClusterRun]
    /// The number of clusters up to the end of the last run, including gaps.
    let clusterCount: UInt64

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

    /// The number of clusters in use, without gaps.
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
