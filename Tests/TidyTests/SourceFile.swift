import Foundation
import SystemPackage
import TestSupport

/// A text file of the project, by its path from the project's folder.
struct SourceFile: Sendable {
    var path: String
    var text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    func isIn(_ folders: String...) -> Bool { folders.contains { path.hasPrefix($0 + "/") } }

    func isWritten(in languages: String...) -> Bool {
        languages.contains { path.hasSuffix("." + $0) }
    }

    /// The lines that match, each as `path:number: text`.
    func places(where isBad: (Substring) -> Bool) -> [String] { places(in: text, where: isBad) }

    /// The lines whose counterpart in `part` matches; it has as many lines as the file.
    func places(in part: String, where isBad: (Substring) -> Bool) -> [String] {
        let parts = part.split(separator: "\n", omittingEmptySubsequences: false)
        return zip(1..., zip(lines, parts)).filter { isBad($0.1.1) }
            .map { "\(path):\($0.0): \($0.1.0)" }
    }
}

extension SourceFile {
    /// Every text file of the project that is not hidden and that version control does not ignore.
    static let all: [SourceFile] = {
        let root = Project.root.string
        let paths = FileManager.default.enumerator(atPath: root)
        return (paths?.compactMap { $0 as? String } ?? []).filter(isKept).sorted().compactMap {
            guard let data = FileManager.default.contents(atPath: "\(root)/\($0)"),
                !data.contains(0), let text = String(data: data, encoding: .utf8)
            else { return nil }
            return SourceFile(path: $0, text: text)
        }
    }()

    /// The symbolic links below a folder, hidden ones and build products excluded.
    static func symbolicLinks(below root: FilePath) -> [String] {
        let paths = FileManager.default.enumerator(atPath: root.string)
        return (paths?.compactMap { $0 as? String } ?? []).filter(isKept).filter {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\($0)")
            return attributes?[.type] as? FileAttributeType == .typeSymbolicLink
        }
    }

    /// Hidden files and folders are tools' own; the names are those of .gitignore.
    private static func isKept(_ path: String) -> Bool {
        let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
        let isIgnored = ["Package.resolved", ".img", ".log"].contains { path.hasSuffix($0) }
        return !isHidden && !isIgnored
    }
}
