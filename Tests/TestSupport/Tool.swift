import Foundation
public import Subprocess
public import SystemPackage
public import Testing

/// A program that a test needs, found on PATH or where administrators' programs are.
public struct Tool: Sendable {
    /// What it printed and its exit code.
    public struct Verdict: Sendable {
        /// -1 where a signal ended it.
        public let exitCode: Int32
        /// Standard output.
        public let output: String
        /// Standard error.
        public let error: String

        /// Everything it printed.
        public var text: String { output + error }

        /// The printed lines that are not empty.
        public var lines: [Substring] { text.split(separator: "\n") }

        /// Whether the text has any of these words.
        public func says(_ words: String...) -> Bool { words.contains(where: text.contains) }
    }

    /// The program's name, or its path.
    public let name: String

    /// Names a program; whether it is there shows when it is run.
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

    /// Runs the tool; anything but success fails the test.
    @discardableResult
    public func succeed(_ arguments: [String]) async throws -> Verdict {
        let verdict = try await run(arguments)
        try #require(verdict.exitCode == 0, "\(name) \(arguments): \(verdict.text)")
        return verdict
    }

    /// Where a program lies; nil if it is not installed.
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
    /// Skips the test where a tool is missing and says which; on CI it runs, and fails.
    public static func needs(_ tools: String...) -> Self {
        let missing = tools.filter { Tool.path(of: $0) == nil }
        return .enabled(
            if: missing.isEmpty || ProcessInfo.processInfo.environment["CI"] != nil,
            "not installed: \(missing.joined(separator: ", "))")
    }
}
