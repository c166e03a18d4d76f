import FoundationEssentials
import HostSystem
import SystemPackage

extension ExtraFile {
    /// The limit of nested folders, against symbolic links that form a loop.
    private static let deepest = 64

    /// The files below this folder, in the order of their names; empty folders are omitted.
    ///
    /// They go below its destination; `/` is the root.
    func listing(depth: Int = 0) throws(BuildError) -> [ExtraFile] {
        guard depth <= Self.deepest else { throw .input(source, .tooDeep(limit: Self.deepest)) }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: source.string)
        } catch {
            throw .input(source, .notAFolder)
        }
        let start = destination == "/" ? "" : destination + "/"
        var files: [ExtraFile] = []
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let file = ExtraFile(destination: start + name, source: source.appending(name))
            let isFolder = (try? file.source.stat().type) == .directory
            files += isFolder ? try file.listing(depth: depth + 1) : [file]
        }
        return files
    }
}
