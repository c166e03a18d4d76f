import Foundation
import SystemPackage

/// A folder of its own for one test, removed with everything in it at the end.
func withTemporaryFolder<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (FilePath) async throws -> Result
) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "disk-image-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(FilePath(folder.path))
}
