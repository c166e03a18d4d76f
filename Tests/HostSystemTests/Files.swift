import Foundation
import SystemPackage

/// Creates or overwrites a file.
func write(_ text: String, to path: FilePath) throws {
    try Data(text.utf8).write(to: URL(filePath: path.string))
}

/// Returns the text of a file.
func read(_ path: FilePath) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self)
}

/// Returns what a pipe still holds, once every writer has closed it, and closes it.
func readToEnd(_ pipe: FileDescriptor) throws -> String {
    let handle = FileHandle(fileDescriptor: pipe.rawValue, closeOnDealloc: true)
    return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
}

/// Returns the names in a folder, sorted.
func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
}

func makeFolder(_ path: FilePath) throws {
    try FileManager.default.createDirectory(
        atPath: path.string, withIntermediateDirectories: false)
}

func link(_ path: FilePath, to target: String) throws {
    try FileManager.default.createSymbolicLink(
        atPath: path.string, withDestinationPath: target)
}
