import Foundation
import Subprocess
import SystemPackage
import Testing

/// Programs that tests compare with: a missing one skips the test on a desk and fails it in CI.
enum Tools {
    static let needed = ["clang", "ld.lld", "readelf"]

    static var missing: [String] {
        needed.filter { name in
            !searchPath.contains { access($0.appending(name).string, X_OK) == 0 }
        }
    }

    static var areUsable: Bool { missing.isEmpty || isCI }

    private static var isCI: Bool { environment["CI"] != nil }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var searchPath: [FilePath] {
        (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) }
    }

    /// Runs a tool and returns what it prints; anything but success fails the test.
    @discardableResult
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name(name), arguments: Arguments(arguments),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        try #require(
            result.terminationStatus.isSuccess, "\(name): \(result.standardError)")
        return result.standardOutput
    }
}
