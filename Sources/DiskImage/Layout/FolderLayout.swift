/// A folder of plain files, planned to the last byte.
public struct FolderLayout: Equatable, Sendable {
    /// One of its files.
    public struct File: Equatable, Sendable {
        /// Its name in the folder.
        public let name: String
        /// All that it holds.
        public let content: Content

        /// A file with that content.
        public init(_ name: String, _ content: Content) {
            self.name = name
            self.content = content
        }
    }

    /// The files, in the order in which they are written.
    public let files: [File]
    /// Names that mean something beside these files, and must not be in the folder.
    public let absentNames: [String]

    /// A folder with these files, and without files of those names.
    public init(files: [File], absentNames: [String] = []) {
        self.files = files
        self.absentNames = absentNames
    }
}

extension FolderLayout: CustomStringConvertible {
    /// A table with one line per file: bytes, name.
    public var description: String {
        let rows = files.map { Self.row("\($0.content.byteCount.value)", $0.name) }
        return ([Self.row("bytes", "file")] + rows).joined(separator: "\n")
    }

    private static func row(_ bytes: String, _ name: String) -> String {
        String(repeating: " ", count: max(1, 12 - bytes.count)) + bytes + "  " + name
    }
}
