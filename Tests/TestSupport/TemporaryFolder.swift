import Foundation
public import SystemPackage

/// Runs `body` with a new temporary folder, and removes the folder and its contents afterwards.
public func withTemporaryFolder<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (FilePath) async throws -> Result
) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "bootimage-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(FilePath(folder.path))
}
