import ELFKit
import Foundation
import SystemPackage
import Testing

@testable import ELFSamples

/// Calls `body` with a temporary file of these bytes.
func withTemporaryFile<Result>(
    _ bytes: [UInt8], _ body: (FilePath) throws -> Result
) throws -> Result {
    let path = FilePath("/tmp/elfkit-\(UInt64.random(in: 0 ... .max))")
    let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate]
    let file = try FileDescriptor.open(
        path, .writeOnly, options: options, permissions: .ownerReadWrite)
    defer { unlink(path.string) }
    try file.closeAfter { _ = try file.writeAll(bytes) }
    return try body(path)
}

/// Loads these bytes as the file "kernel".
func load(_ bytes: [UInt8], as selected: BootProtocol? = nil) throws -> KernelELF {
    try withTemporaryFile(bytes) { path in
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter { try KernelELF.load(from: file, named: "kernel", as: selected) }
    }
}

/// Inspects these bytes as the file "kernel".
func inspect(_ bytes: [UInt8]) throws -> Inspection {
    try withTemporaryFile(bytes) { path in
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter { try KernelELF.inspect(file, named: "kernel") }
    }
}

extension ELFError {
    var isOneLine: Bool { !description.contains { $0.isNewline } }
}

/// One change to a valid kernel, and the expected outcome.
struct Row: CustomTestStringConvertible, Sendable {
    let sentence: String
    let problem: ELFError.Problem?
    let change: @Sendable (inout ELFBuilder) -> Void

    static func loads(
        _ sentence: String, _ change: @escaping @Sendable (inout ELFBuilder) -> Void
    ) -> Row {
        Row(sentence: "loads: \(sentence)", problem: nil, change: change)
    }

    static func refused(
        _ sentence: String, _ problem: ELFError.Problem,
        _ change: @escaping @Sendable (inout ELFBuilder) -> Void
    ) -> Row {
        Row(sentence: "refused: \(sentence)", problem: problem, change: change)
    }

    var testDescription: String { sentence }

    /// Loads the changed kernel and expects the exact outcome; an error must be one line.
    func check() throws {
        var kernel = ELFBuilder()
        change(&kernel)
        do {
            _ = try load(kernel.bytes())
            #expect(problem == nil)
        } catch let error as ELFError {
            #expect(problem.map { ELFError(file: "kernel", problem: $0) } == error)
            #expect(error.isOneLine)
            #expect(error.description.hasPrefix("kernel: "))
            #expect(error.description.hasSuffix("[\(error.problem.rule)]"))
        }
    }
}
