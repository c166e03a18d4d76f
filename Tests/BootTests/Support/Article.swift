import Foundation
import SystemPackage
import TestSupport

/// A page of documentation whose code can be built: files that begin with their name in a comment,
/// and a script that makes `kernel.elf` of them.
struct Article {
    /// A fenced piece of code and its language.
    private struct Block {
        var language: Substring
        var code: Substring

        /// What the first line says: `// NAME`.
        var fileName: String? {
            guard let line = code.split(separator: "\n").first, line.hasPrefix("// ") else {
                return nil
            }
            return String(line.dropFirst(3))
        }
    }

    private let blocks: [Block]

    /// Reads a page of the library BootInfo.
    init(_ name: String) throws {
        let path = Project.root.appending("Sources/BootInfo/BootInfo.docc/\(name).md").string
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        // What is between fences is every second piece.
        let pieces = text.split(separator: "```", omittingEmptySubsequences: false)
        blocks = stride(from: 1, to: pieces.count, by: 2).map { index in
            let end = pieces[index].firstIndex(of: "\n") ?? pieces[index].endIndex
            return Block(language: pieces[index][..<end], code: pieces[index][end...].dropFirst())
        }
    }

    /// Does what the page says in a folder, and returns the kernel's path.
    func build(in folder: FilePath) async throws -> FilePath {
        for block in blocks {
            guard let name = block.fileName else { continue }
            try Data(block.code.utf8).write(to: URL(filePath: folder.appending(name).string))
        }
        let script = blocks.filter { $0.language == "sh" }.map(\.code).joined()
        let preamble = "set -eu; cd '\(folder)'; BOOTIMAGE='\(Project.root)'\n"
        try await Tool(name: "bash").succeed(["-c", preamble + script])
        return folder.appending("kernel.elf")
    }
}
