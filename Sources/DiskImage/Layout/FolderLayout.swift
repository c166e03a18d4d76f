/// A folder of files, planned to the last byte.
public struct FolderLayout: Equatable, Sendable {
    /// The files, in the order in which they are written.
    public let files: [EFIImage.File]
    /// The folders below this one, each after the one around it.
    let subfolders: [String]
    /// Names that mean something beside these files, and must not be in the folder.
    public let absentNames: [String]

    /// A folder with these files, and without files of those names.
    ///
    /// - Throws: ``LayoutError`` for what an EFI system partition would not hold either, so that
    ///   one can be made of the folder.
    public init(
        files: [EFIImage.File], absentNames: [String] = []
    ) throws(LayoutError) {
        let tree = try FolderTree(files)
        self.files = zip(files, tree.filePaths).map { file, path in
            EFIImage.File(path: path, content: file.content)
        }
        subfolders = tree.folders.dropFirst().map(\.path)
        self.absentNames = absentNames
    }
}

extension FolderLayout: CustomStringConvertible {
    /// A table with one line per file: bytes, path.
    public var description: String {
        let rows = files.map { Self.row("\($0.content.byteCount.value)", $0.path) }
        return ([Self.row("bytes", "file")] + rows).joined(separator: "\n")
    }

    private static func row(_ bytes: String, _ name: String) -> String {
        String(repeating: " ", count: max(1, 12 - bytes.count)) + bytes + "  " + name
    }
}
