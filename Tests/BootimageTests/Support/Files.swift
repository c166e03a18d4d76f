import Foundation
import SystemPackage

/// Makes a file with these bytes, or fills an old one with them.
func write(_ bytes: some Sequence<UInt8>, to path: FilePath) throws {
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

/// Makes a folder and returns its path.
func makeFolder(_ path: FilePath) throws -> FilePath {
    try FileManager.default.createDirectory(
        atPath: path.string, withIntermediateDirectories: true)
    return path
}
