import Foundation
import SystemPackage

@testable import DiskImage

/// Creates or overwrites a file.
func write(_ bytes: [UInt8], to path: FilePath) throws {
    try Data(bytes).write(to: URL(filePath: path.string))
}

/// The bytes of a file.
func read(_ path: FilePath) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path.string)))
}

/// The names in a folder, sorted.
func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
}

/// Opens a file as an input of an image while `body` runs.
func withInput<Result>(
    _ path: FilePath, _ body: (ImageInput) throws -> Result
) throws -> Result {
    let descriptor = try FileDescriptor.open(path, .readOnly)
    return try descriptor.closeAfter { try body(ImageInput(descriptor, path: path)) }
}
