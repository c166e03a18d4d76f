package import DiskImage

/// A volume's folders and files in the order of a tree, each folder before its contents.
package struct FileTree {
    package struct Node {
        package let path: String
        /// The last part of the path; a folder's ends with a slash.
        package fileprivate(set) var name = ""
        /// How many folders it is in.
        package fileprivate(set) var depth = 0
        package let isFolder: Bool
        /// The length of a file; for a folder, the size of its entries.
        package let byteCount: UInt64
        package let modified: FATTimestamp?
        /// Where its bytes lie, in bytes from the image's start.
        package let runs: [Range<UInt64>]
    }

    package private(set) var nodes: [Node] = []

    package init(_ volume: FATVolumeContents) {
        let folders = volume.folders.dropFirst().map { folder in
            Node(
                path: folder.path, isFolder: true,
                byteCount: folder.runs.reduce(0) { $0 + $1.length }, modified: folder.modified,
                runs: folder.runs)
        }
        let files = volume.files.map { file in
            Node(
                path: file.path, isFolder: false, byteCount: file.byteCount,
                modified: file.modified, runs: file.runs)
        }
        self.init(folders + files)
    }

    package init(_ volume: ISOContents) {
        self.init(
            volume.files.dropFirst().map { file in
                Node(
                    path: file.path, isFolder: file.isFolder, byteCount: file.bytes.length,
                    modified: nil, runs: file.bytes.isEmpty ? [] : [file.bytes])
            })
    }

    private init(_ all: [Node]) {
        var children: [String: [Node]] = [:]
        for var node in all {
            node.name = node.isFolder ? node.path + "/" : node.path
            let end = node.path.lastIndex(of: "/") ?? node.path.startIndex
            children[String(node.path[..<end]), default: []].append(node)
        }
        func takeChildren(of path: String, depth: Int) -> [Node] {
            // Takes each list once, however often a damaged volume names the folder.
            (children.removeValue(forKey: path) ?? []).reversed().map { node in
                let last = node.path.split(separator: "/").last.map(String.init) ?? ""
                var node = node
                (node.name, node.depth) = (node.isFolder ? last + "/" : last, depth)
                return node
            }
        }
        var pending = takeChildren(of: "", depth: 0)
        while let node = pending.popLast() {
            nodes.append(node)
            if node.isFolder { pending += takeChildren(of: node.path, depth: node.depth + 1) }
        }
        // Names that contain slashes, which only damaged volumes have, belong to no folder.
        nodes += children.sorted { $0.key < $1.key }.flatMap(\.value)
    }
}

extension Range<UInt64> {
    package var length: UInt64 { upperBound - lowerBound }
}

extension FATTimestamp {
    /// The date and the time; `nil` if the entry has none.
    package var text: String? { date == 0 ? nil : "\(self)" }
}

extension FATVolumeContents {
    /// The clusters that contain these bytes; 0 for a root folder outside the clusters.
    package func clusters(of bytes: Range<UInt64>) -> ClosedRange<UInt64> {
        guard bytes.lowerBound >= dataOffset, !bytes.isEmpty else { return 0...0 }
        let first = (bytes.lowerBound - dataOffset) / clusterByteCount + 2
        return first...(bytes.upperBound - 1 - dataOffset) / clusterByteCount + 2
    }

    /// How many clusters have this mark.
    package func clusterCount(of mark: Unowned.Mark) -> UInt64 {
        unowned.filter { $0.mark == mark }.reduce(0) { $0 + $1.bytes.length }
            / max(clusterByteCount, 1)
    }
}
