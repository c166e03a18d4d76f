import Foundation
import Subprocess
import SystemPackage
import Testing

/// A program that judges images independently of this project.
struct Tool {
    /// What it printed, errors included, and its exit code.
    struct Verdict {
        let exitCode: Int32
        let text: String

        var lines: [Substring] { text.split(separator: "\n") }

        /// Whether the text has any of these words.
        func says(_ words: String...) -> Bool { words.contains(where: text.contains) }
    }

    let name: String

    /// Runs the tool.
    func callAsFunction(_ arguments: String...) async throws -> Verdict {
        let path = try #require(Self.path(of: name), "\(name) is not installed")
        let result = try await run(
            .path(path), arguments: Arguments(arguments),
            environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
            output: .string(limit: 1 << 20), error: .combinedWithOutput)
        guard case .exited(let code) = result.terminationStatus else {
            Issue.record("\(name) was ended by a signal")
            return Verdict(exitCode: -1, text: "")
        }
        return Verdict(exitCode: code, text: result.standardOutput)
    }

    /// Where a program lies: on `PATH`, or where administrators' programs are.
    fileprivate static func path(of name: String) -> FilePath? {
        let folders = (environment["PATH"] ?? "").split(separator: ":") + ["/usr/sbin", "/sbin"]
        return folders.lazy.map { "\($0)/\(name)" }
            .first(where: FileManager.default.isExecutableFile).map { FilePath($0) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where a tool is missing and says which; on CI it runs, and fails.
    static func needs(_ tools: String...) -> Self {
        let missing = tools.filter { Tool.path(of: $0) == nil }
        return .enabled(
            if: missing.isEmpty || environment["CI"] != nil,
            "not installed: \(missing.joined(separator: ", "))")
    }
}

private var environment: [String: String] { ProcessInfo.processInfo.environment }
