/// A folder of files, planned to the last byte.
public struct FolderLayout: Equatable, Sendable, CustomStringConvertible {
    /// The files, in the order in which they are written.
    public let files: [EFIImage.File]
    /// The folders below this one, each after the one around it.
    let subfolders: [String]
    /// Names that would change the meaning of the folder and must not exist in it.
    public let absentNames: [String]

    /// A folder with these files, and without files of those names.
    ///
    /// - Throws: ``LayoutError`` for files that an EFI system partition cannot hold: it must be
    ///   possible to make one from the folder.
    public init(files: [EFIImage.File], absentNames: [String] = []) throws(LayoutError) {
        let tree = try FolderTree(files)
        self.files = zip(files, tree.filePaths).map { file, path in
            EFIImage.File(path: path, content: file.content)
        }
        subfolders = tree.folders.dropFirst().map(\.path)
        self.absentNames = absentNames
    }

    /// A table with one line per file: bytes, path.
    public var description: String {
        let rows = files.map { ImageLayout.row(["\($0.content.byteCount.value)"], $0.path) }
        return ([ImageLayout.row(["bytes"], "file")] + rows).joined(separator: "\n")
    }
}
