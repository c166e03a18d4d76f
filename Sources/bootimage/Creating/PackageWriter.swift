import BootImageKit
import FoundationEssentials
import HostSystem
import SystemPackage

/// Writes a new package, all or nothing.
enum PackageWriter {
    /// Writes the files to a temporary folder, then renames it.
    static func write(_ files: [NewPackage.File], to folder: FilePath) throws(Failure) {
        guard !FileManager.default.fileExists(atPath: folder.string) else {
            throw Failure(.cannotCreateOutput, "\(folder): already exists; use another name")
        }
        do {
            var draft = try TemporaryFolder(beside: folder)
            for file in files {
                let path = draft.path.pushing(file.path)
                try FileManager.default.createDirectory(
                    atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
                try AtomicFile.write(file.text.utf8, to: path)
            }
            try draft.take(folder)
        } catch {
            throw Failure(.cannotCreateOutput, "\(folder): cannot be written: \(error)")
        }
    }
}
