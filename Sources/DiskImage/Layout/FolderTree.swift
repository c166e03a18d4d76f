/// The folders of a volume and the files in them, made from paths; knows no clusters.
struct FolderTree {
    enum Item {
        /// The folder with that index.
        case folder(Int)
        /// The file with that index.
        case file(Int)
    }

    /// One folder, with its names in the order of the paths.
    struct Folder {
        /// The path, for people; empty for the root.
        let path: String
        /// The index of the folder around it; the root's own.
        let parent: Int
        fileprivate(set) var entries: [(name: FATName, item: Item)] = []
        fileprivate var items: [FATName: Item] = [:]

        var entryCount: Int {
            let own = path.isEmpty ? 1 : 2
            return entries.reduce(own) { count, entry in
                let name = entry.name.text
                let needsLong = ShortName(exactly: name) == nil
                return count + 1 + (needsLong ? LongNameEntry.count(for: name) : 0)
            }
        }

        var byteCount: ByteCount {
            ByteCount(UInt64(entryCount * DirectoryEntry.byteCount))
        }
    }

    /// The folders, each after the one around it; the first is the root.
    private(set) var folders = [Folder(path: "", parent: root)]
    let files: [EFIImage.File]

    static let root = 0
    /// A folder is at most 2 MiB long (FAT 1.03 §6).
    private static let maximumEntryCount = 65_536
    private static let maximumFile = ByteCount(UInt64(UInt32.max))

    /// Makes the tree; refuses a path or a length that FAT does not allow.
    init(_ files: [EFIImage.File]) throws(LayoutError) {
        self.files = files
        for (index, file) in files.enumerated() {
            let found = file.content.byteCount
            guard found <= Self.maximumFile else {
                throw .fileTooLong(path: file.path, found: found, allowed: Self.maximumFile)
            }
            try add(file: index)
        }
        for folder in folders where folder.entryCount > Self.maximumEntryCount {
            throw .folderTooLong(
                folder: folder.path, found: folder.entryCount, allowed: Self.maximumEntryCount)
        }
    }

    /// The files' paths, with folders named as in the tree.
    var filePaths: [String] {
        var paths = files.map(\.path)
        for folder in folders.dropFirst() {
            for (name, item) in folder.entries {
                if case .file(let index) = item { paths[index] = "\(folder.path)/\(name.text)" }
            }
        }
        return paths
    }

    private mutating func add(file index: Int) throws(LayoutError) {
        let path = files[index].path
        var names = try Self.names(in: path)
        let last = names.removeLast()
        var folder = Self.root
        for name in names { folder = try enter(name, of: folder, for: path) }
        switch folders[folder].items[last] {
        case nil: insert(last, .file(index), into: folder)
        case .file(let other):
            try checkSame(last, in: folder, for: path)
            throw .duplicatePath(path: path, other: files[other].path)
        case .folder: throw .fileIsFolder(path: path, component: last.text)
        }
    }

    private static func names(in path: String) throws(LayoutError) -> [FATName] {
        var names: [FATName] = []
        for component in path.split(separator: "/", omittingEmptySubsequences: false) {
            do throws(PathFault) {
                names.append(try FATName(String(component)))
            } catch {
                throw .badPath(path: path, component: String(component), fault: error)
            }
        }
        return names
    }

    /// Returns the folder with that name inside `folder`, after creating it if needed.
    private mutating func enter(
        _ name: FATName, of folder: Int, for path: String
    ) throws(LayoutError) -> Int {
        try checkSame(name, in: folder, for: path)
        switch folders[folder].items[name] {
        case .folder(let index): return index
        case .file: throw .fileIsFolder(path: path, component: name.text)
        case nil:
            let around = folders[folder].path
            folders.append(
                Folder(path: around.isEmpty ? name.text : "\(around)/\(name.text)", parent: folder))
            insert(name, .folder(folders.count - 1), into: folder)
            return folders.count - 1
        }
    }

    /// Refuses a name that only some systems take for one that is there.
    private func checkSame(
        _ name: FATName, in folder: Int, for path: String
    ) throws(LayoutError) {
        guard let index = folders[folder].items.index(forKey: name) else { return }
        let other = folders[folder].items[index].key
        guard other.key == name.key else {
            throw .confusable(path: path, component: name.text, other: other.text)
        }
    }

    private mutating func insert(_ name: FATName, _ item: Item, into folder: Int) {
        folders[folder].items[name] = item
        folders[folder].entries.append((name, item))
    }
}
