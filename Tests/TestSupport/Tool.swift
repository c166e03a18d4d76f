import Foundation
public import Subprocess
public import SystemPackage
public import Testing

/// A program that a test runs, found on PATH or in /usr/sbin and /sbin.
public struct Tool: Sendable {
    /// A program's output and exit code.
    public struct Verdict: Sendable {
        /// The exit code, or -1 if a signal ended the program.
        public let exitCode: Int32
        /// Standard output.
        public let output: String
        /// Standard error.
        public let error: String

        /// Standard output followed by standard error.
        public var text: String { output + error }

        /// The non-empty lines of `text`.
        public var lines: [Substring] { text.split(separator: "\n") }

        /// Returns whether `text` contains any of these words.
        public func says(_ words: String...) -> Bool { words.contains(where: text.contains) }
    }

    /// The program's name or path.
    public let name: String

    /// Creates a tool, which needs to be installed only when it runs.
    public init(name: String) { self.name = name }

    /// Runs the tool in the C locale and waits for it.
    @discardableResult
    public func callAsFunction(
        _ arguments: String..., environment: [Environment.Key: String] = [:]
    ) async throws -> Verdict {
        try await run(arguments, environment: environment)
    }

    /// Runs the tool with a list of arguments.
    @discardableResult
    public func run(
        _ arguments: [String], environment: [Environment.Key: String] = [:],
        workingDirectory: FilePath? = nil
    ) async throws -> Verdict {
        let path = try #require(Self.path(of: name), "\(name) is not installed")
        let result = try await Subprocess.run(
            .path(path), arguments: Arguments(arguments),
            environment: .inherit.updating(["LC_ALL": "C.UTF-8"]).updating(environment),
            workingDirectory: workingDirectory,
            output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
        guard case .exited(let code) = result.terminationStatus else {
            return Verdict(
                exitCode: -1, output: result.standardOutput,
                error: "\(name) was ended: \(result.terminationStatus)")
        }
        return Verdict(
            exitCode: code, output: result.standardOutput, error: result.standardError)
    }

    /// Runs the tool and fails the test unless it exits with 0.
    @discardableResult
    public func succeed(_ arguments: [String]) async throws -> Verdict {
        let verdict = try await run(arguments)
        try #require(verdict.exitCode == 0, "\(name) \(arguments): \(verdict.text)")
        return verdict
    }

    /// Returns the path of a program, or nil if it is not installed.
    public static func path(of name: String) -> FilePath? {
        if name.contains("/") {
            return FileManager.default.fileExists(atPath: name) ? FilePath(name) : nil
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for folder in "\(path):/usr/sbin:/sbin".split(separator: ":") {
            let candidate = FilePath(String(folder)).appending(name)
            if FileManager.default.isExecutableFile(atPath: candidate.string) { return candidate }
        }
        return nil
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test and names the missing tools; on CI, the test runs and fails instead.
    public static func needs(_ tools: String...) -> Self {
        let missing = tools.filter { Tool.path(of: $0) == nil }
        return .enabled(
            if: missing.isEmpty || ProcessInfo.processInfo.environment["CI"] != nil,
            "not installed: \(missing.joined(separator: ", "))")
    }
}
