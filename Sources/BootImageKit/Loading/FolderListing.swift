import FoundationEssentials
import HostSystem
import SystemPackage

/// The files below a folder, each with its path in the image.
struct FolderListing {
    /// In the order of their names; empty folders are omitted.
    private(set) var files: [ExtraFile] = []

    /// The limit of nested folders, against symbolic links that form a loop.
    private static let deepest = 64

    /// Lists a folder whose files go below `folder.destination`; `/` is the root.
    init(_ folder: ExtraFile) throws(BuildError) {
        let start = folder.destination == "/" ? "" : folder.destination + "/"
        try add(folder.source, start, depth: 0)
    }

    private mutating func add(
        _ folder: FilePath, _ start: String, depth: Int
    ) throws(BuildError) {
        guard depth <= Self.deepest else {
            throw .input(folder, .tooDeep(limit: Self.deepest))
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
        } catch {
            throw .input(folder, .notAFolder)
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = folder.appending(name)
            if (try? path.stat().type) == .directory {
                try add(path, start + name + "/", depth: depth + 1)
            } else {
                files.append(ExtraFile(destination: start + name, source: path))
            }
        }
    }
}
