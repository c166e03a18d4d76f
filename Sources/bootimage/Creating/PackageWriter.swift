import FoundationEssentials
import SystemPackage

/// Writes a new package: all of it, or nothing.
enum PackageWriter {
    /// Writes the files beside the folder first; it gets its name at the end.
    static func write(_ files: [NewPackage.File], to folder: FilePath) throws(Failure) {
        guard !FileManager.default.fileExists(atPath: folder.string) else {
            throw Failure(.cannotCreateOutput, "\(folder): is there already; use another name")
        }
        let draft = FilePath("\(folder).\(ProcessInfo.processInfo.processIdentifier)")
        do {
            for file in files {
                let path = draft.pushing(file.path)
                try FileManager.default.createDirectory(
                    atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
                try Data(file.text.utf8).write(
                    to: URL(filePath: path.string), options: .withoutOverwriting)
            }
            try FileManager.default.moveItem(atPath: draft.string, toPath: folder.string)
        } catch {
            try? FileManager.default.removeItem(atPath: draft.string)
            throw Failure(.cannotCreateOutput, "\(folder): cannot be written: \(error)")
        }
    }
}
