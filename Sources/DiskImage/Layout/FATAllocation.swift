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
        let cluster = format.sectorSize.bytes(in: format.cluster)
        var end: UInt64 = 0
        func take(_ length: ByteCount) -> ClusterRun {
            let count = length.divided(intoPiecesOf: cluster)
            defer { end += count }
            return ClusterRun(first: .first + end, count: count)
        }
        folders = tree.folders.indices.map { index in
            guard index != FolderTree.root || format.type.hasRootInClusters else { return .none }
            return take(tree.folders[index].byteCount)
        }
        // The data area starts at a multiple of 4 KiB, too.
        let unit = ByteCount.kibibytes(4).divided(intoPiecesOf: cluster)
        files = tree.files.map { file in
            guard file.content.byteCount != .zero else { return .none }
            end = (end + unit - 1) / unit * unit
            return take(file.content.byteCount)
        }
        clusterCount = end
    }

    /// The number of clusters in use, without gaps.
    var usedCount: UInt64 {
        (folders + files).reduce(0) { $0 + $1.count }
    }
}
