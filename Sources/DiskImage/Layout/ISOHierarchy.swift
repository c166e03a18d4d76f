/// One of the two folder trees of an ISO 9660 volume, over the same files.
struct ISOHierarchy {
    struct File {
        /// The first logical block; 0 for an empty file.
        let start: UInt32
        let byteCount: UInt32
    }

    private struct Folder {
        /// The name in the folder around it.
        let identifier: [UInt8]
        /// Its parent's index in the path table.
        let parent: Int
        /// Its entries, in their order on the disc.
        let children: [(identifier: [UInt8], item: FolderTree.Item)]
        /// The number of sectors of the folders before it.
        let offset: Int
        let sectorCount: Int
    }

    private static let sectorByteCount = ISODescriptor.byteCount

    /// In the order of the path table (ECMA-119 §6.9.1).
    private let folders: [Folder]
    /// For each folder of the tree, its index in `folders`.
    private let places: [Int]

    init(_ tree: FolderTree, _ naming: ISONaming) {
        var folders: [Folder] = []
        var places = [Int](repeating: 0, count: tree.folders.count)
        var queue = [(index: FolderTree.root, identifier: ISODirectoryRecord.itself, parent: 0)]
        var offset = 0
        // The queue goes level by level; within a level by parent and name.
        while folders.count < queue.count {
            let (index, identifier, parent) = queue[folders.count]
            let children = Self.children(of: tree.folders[index], naming)
            let count = Self.sectorCount(children.map(\.identifier))
            places[index] = folders.count
            for case (let identifier, .folder(let index)) in children {
                queue.append((index, identifier, folders.count))
            }
            folders.append(
                Folder(
                    identifier: identifier, parent: parent, children: children, offset: offset,
                    sectorCount: count))
            offset += count
        }
        (self.folders, self.places) = (folders, places)
    }

    private static func children(
        of folder: FolderTree.Folder, _ naming: ISONaming
    ) -> [(identifier: [UInt8], item: FolderTree.Item)] {
        let names = folder.entries.map { name, item in
            if case .folder = item { return (text: name.text, isFolder: true) }
            return (text: name.text, isFolder: false)
        }
        return zip(naming.identifiers(for: names), folder.entries)
            .map { (identifier: $0, item: $1.item) }
            .sorted { $0.identifier.lexicographicallyPrecedes($1.identifier) }
    }

    /// The length of a folder: no record crosses the end of a sector.
    private static func sectorCount(_ identifiers: [[UInt8]]) -> Int {
        var (count, used) = (1, 0)
        for identifier in [ISODirectoryRecord.itself, ISODirectoryRecord.parent] + identifiers {
            let length = ISODirectoryRecord.byteCount(identifier: identifier)
            if used + length > sectorByteCount { (count, used) = (count + 1, 0) }
            used += length
        }
        return count
    }

    var sectorCount: Int { folders.reduce(0) { $0 + $1.sectorCount } }

    var pathTableSectorCount: Int {
        (pathTableByteCount + Self.sectorByteCount - 1) / Self.sectorByteCount
    }

    var pathTableByteCount: Int {
        folders.reduce(0) { $0 + 8 + ($1.identifier.count + 1) / 2 * 2 }
    }

    /// A path table (ECMA-119 §9.4) in either byte order, for folders from sector `start`.
    func pathTable(foldersAt start: Int, mostSignificantFirst: Bool) -> [UInt8] {
        ByteWriter.write(pathTableByteCount) { writer in
            for folder in folders {
                let block = UInt32(start + folder.offset)
                let parent = UInt16(folder.parent + 1)
                writer.append(UInt8(folder.identifier.count))
                writer.append(UInt8(0))
                writer.append(mostSignificantFirst ? block.byteSwapped : block)
                writer.append(mostSignificantFirst ? parent.byteSwapped : parent)
                writer.append(folder.identifier)
                writer.appendZeros(folder.identifier.count % 2)
            }
        }
    }

    /// The root's record in a descriptor, for folders from sector `start`.
    func root(foldersAt start: Int, time: FATTimestamp) -> ISODirectoryRecord {
        record(of: folders[0], as: ISODirectoryRecord.itself, start, time)
    }

    func encodedFolders(at start: Int, files: [File], time: FATTimestamp) -> [UInt8] {
        folders.flatMap { folder in
            let records =
                [
                    record(of: folder, as: ISODirectoryRecord.itself, start, time),
                    record(
                        of: folders[folder.parent], as: ISODirectoryRecord.parent, start, time),
                ]
                + folder.children.map { identifier, item in
                    switch item {
                    case .folder(let index):
                        record(of: folders[places[index]], as: identifier, start, time)
                    case .file(let index):
                        ISODirectoryRecord(
                            identifier: identifier, isFolder: false, start: files[index].start,
                            byteCount: files[index].byteCount, time: time)
                    }
                }
            return Self.sectors(records, folder.sectorCount)
        }
    }

    private func record(
        of folder: Folder, as identifier: [UInt8], _ start: Int, _ time: FATTimestamp
    ) -> ISODirectoryRecord {
        ISODirectoryRecord(
            identifier: identifier, isFolder: true, start: UInt32(start + folder.offset),
            byteCount: UInt32(folder.sectorCount * Self.sectorByteCount), time: time)
    }

    private static func sectors(_ records: [ISODirectoryRecord], _ count: Int) -> [UInt8] {
        ByteWriter.write(count * sectorByteCount) { writer in
            for record in records.map({ $0.encoded() }) {
                let free = sectorByteCount - writer.bytes.count % sectorByteCount
                if record.count > free { writer.appendZeros(free) }
                writer.append(record)
            }
            writer.appendZerosToEnd()
        }
    }
}
