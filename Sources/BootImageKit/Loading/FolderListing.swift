import FoundationEssentials
import HostSystem
import SystemPackage

/// The files below a folder, each with its place below another.
struct FolderListing {
    /// In the order of their names; folders without a file are not told.
    private(set) var files: [ExtraFile] = []

    /// The deepest that folders may lie in each other, against links that go round.
    private static let deepest = 64

    /// Lists what goes below `folder.destination`, which is the root if it is `/`.
    init(_ folder: ExtraFile) throws(Failure) {
        let start = folder.destination == "/" ? "" : folder.destination + "/"
        try add(folder.source, start, depth: 0)
    }

    private mutating func add(
        _ folder: FilePath, _ start: String, depth: Int
    ) throws(Failure) {
        guard depth <= Self.deepest else {
            throw Failure(
                .badInput,
                "\(folder): lies more than \(Self.deepest) folders deep; is a link going "
                    + "round?")
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
        } catch {
            throw Failure(
                .missingInput, "\(folder): is no folder that can be read; name a folder")
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
