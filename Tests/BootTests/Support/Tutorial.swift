import Foundation
import SystemPackage
import TestSupport
import Testing

/// A page of documentation that is done from top to bottom: files, scripts, and commands with what
/// they print.
struct Tutorial {
    private let folder: FilePath
    private let page: String

    /// Reads a page of the project, to be done in a folder; of one section only if it is named.
    init(_ path: FilePath, section: String? = nil, in folder: FilePath) throws {
        let text = try String(
            contentsOfFile: Project.root.pushing(path).string, encoding: .utf8)
        let sections = text.split(separator: "\n## ").filter { $0.hasPrefix("\(section ?? "")\n") }
        page = section == nil ? text : String(try #require(sections.first))
        self.folder = folder
    }

    /// Does it all; what differs from the page fails the test.
    ///
    /// - Returns: How many files, scripts and commands there were.
    func run() async throws -> Int {
        // A shell goes on where the one before ended, so `cd` lasts.
        var workingFolder = folder
        var count = 0
        let pieces = page.split(separator: "```", omittingEmptySubsequences: false)
        for index in stride(from: 1, to: pieces.count, by: 2) {
            let lines = pieces[index].split(separator: "\n", omittingEmptySubsequences: false)
            let body = lines.dropFirst().dropLast().map(String.init)
            switch lines[0] {
            case "swift", "c", "toml":
                try write(body, in: workingFolder)
                count += 1
            case "sh":
                _ = try await shell(body.joined(separator: "\n"), in: &workingFolder)
                count += 1
            case "console":
                for (command, expected) in Self.commands(body) {
                    let output = try await shell(command, in: &workingFolder)
                    Self.expect(output, is: expected, of: command)
                    count += 1
                }
            default: Issue.record("nobody knows what to do with “\(lines[0])”")
            }
        }
        return count
    }

    /// A file begins with its path in a comment, which is not part of it.
    private func write(_ lines: [String], in folder: FilePath) throws {
        let path = try #require(lines.first?.firstMatch(of: /^(?:\/\/|#) (.+)/)?.1)
        let text = lines.dropFirst().joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(filePath: folder.appending(String(path)).string))
    }

    /// Commands follow `$ `, and what they print follows them.
    private static func commands(_ lines: [String]) -> [(command: String, output: [String])] {
        lines.reduce(into: []) { commands, line in
            if line.hasPrefix("$ ") {
                commands.append((String(line.dropFirst(2)), []))
            } else if !commands.isEmpty {
                commands[commands.count - 1].output.append(line)
            }
        }
    }

    /// Runs a command that must succeed, with a file in place of the stick, and programs of the
    /// folder in place of others.
    private func shell(
        _ command: String, in workingFolder: inout FilePath
    ) async throws -> [Substring] {
        let stick = folder.appending("stick").string
        let text = command.replacing("sudo ", with: "").replacing("/dev/sdX", with: stick)
        let place = folder.appending("place").string
        let bin = FilePath(Project.bootimage.name).removingLastComponent()
        let script = """
            set -euo pipefail; export PATH="\(bin):\(folder):$PATH"; cd '\(workingFolder)'
            \(text)
            pwd >'\(place)'
            """
        let verdict = try await Tool(name: "bash").run(["-c", script])
        try #require(verdict.exitCode == 0, "\(command)\n\(verdict.text)")
        let path = try String(contentsOfFile: place, encoding: .utf8)
        workingFolder = FilePath(path.trimmingCharacters(in: .newlines))
        return verdict.output.replacing("\r\n", with: "\n").split(separator: "\n")
    }

    /// Lines of the page must come in that order; `…` stands for any text, alone for any lines.
    private static func expect(
        _ output: [Substring], is expected: [String], of command: String
    ) {
        var rest = output[...]
        for line in expected where line != "…" {
            let parts = line.split(separator: "…", omittingEmptySubsequences: false)
            let found = rest.firstIndex { candidate in
                candidate.hasPrefix(parts[0]) && candidate.hasSuffix(parts[parts.count - 1])
            }
            guard let found else {
                Issue.record(
                    "“\(line)” is not said by: \(command)\n\(output.joined(separator: "\n"))")
                return
            }
            rest = rest[(found + 1)...]
        }
        if !expected.contains("…"), expected.count != output.count {
            Issue.record("more is said by: \(command)\n\(output.joined(separator: "\n"))")
        }
    }
}
