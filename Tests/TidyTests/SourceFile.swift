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

    /// The lines that fit, each as `path:number: text`.
    func places(where isBad: (Substring) -> Bool) -> [String] {
        zip(1..., lines).filter { isBad($0.1) }.map { "\(path):\($0.0): \($0.1)" }
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

    /// Hidden files and folders are tools' own; the names are those of .gitignore.
    private static func isKept(_ path: String) -> Bool {
        let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
        let isIgnored = ["Package.resolved", ".img", ".log"].contains { path.hasSuffix($0) }
        return !isHidden && !isIgnored
    }
}
