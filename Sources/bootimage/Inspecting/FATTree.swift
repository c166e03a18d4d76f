import DiskImage

/// A FAT volume's folders and files in the order of a tree, each folder before what is in it.
struct FATTree {
    /// A folder or a file.
    struct Node {
        let path: String
        /// What to call it below the folder around it.
        let name: String
        let depth: Int
        let isFolder: Bool
        /// The length of a file; of a folder, of the clusters that its entries take.
        let byteCount: UInt64
        let modified: FATTimestamp?
        /// Where its bytes lie, in bytes from the image's start.
        let runs: [Range<UInt64>]
    }

    private(set) var nodes: [Node] = []

    init(_ volume: FATVolumeContents) {
        var children = Self.children(of: volume)
        var pending = (children.removeValue(forKey: "") ?? []).map { Node($0, depth: 0) }
        pending.reverse()
        while let node = pending.popLast() {
            nodes.append(node)
            guard node.isFolder else { continue }
            // Each folder's list is taken once, however often a damaged volume names the folder.
            let inside = children.removeValue(forKey: node.path) ?? []
            pending += inside.reversed().map { Node($0, depth: node.depth + 1) }
        }
        // Names with slashes in them, which no sound volume has, belong to no folder.
        nodes += children.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// What is in each folder, by its path; names in full.
    private static func children(of volume: FATVolumeContents) -> [String: [Node]] {
        var children: [String: [Node]] = [:]
        func add(_ node: Node) {
            let end = node.path.lastIndex(of: "/") ?? node.path.startIndex
            children[String(node.path[..<end]), default: []].append(node)
        }
        for folder in volume.folders.dropFirst() {
            add(
                Node(
                    path: folder.path, name: folder.path + "/", depth: 0, isFolder: true,
                    byteCount: folder.runs.reduce(0) { $0 + $1.length },
                    modified: folder.modified, runs: folder.runs))
        }
        for file in volume.files {
            add(
                Node(
                    path: file.path, name: file.path, depth: 0, isFolder: false,
                    byteCount: file.byteCount, modified: file.modified, runs: file.runs))
        }
        return children
    }
}

extension FATTree.Node {
    /// The node in its place in the tree, with the last part of its name.
    fileprivate init(_ node: Self, depth: Int) {
        let last = node.path.split(separator: "/").last.map(String.init) ?? ""
        self.init(
            path: node.path, name: node.isFolder ? last + "/" : last, depth: depth,
            isFolder: node.isFolder, byteCount: node.byteCount, modified: node.modified,
            runs: node.runs)
    }
}

extension Range<UInt64> {
    /// How many numbers it has.
    var length: UInt64 { upperBound - lowerBound }
}
