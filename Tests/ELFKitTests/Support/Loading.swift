import ELFKit
import Foundation
import SystemPackage
import Testing

/// A file that is removed when the test is done with it.
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
func load(_ bytes: [UInt8]) throws -> KernelELF {
    try withTemporaryFile(bytes) { path in
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter { try KernelELF.load(from: file, named: "kernel") }
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
    var isToldInOneLine: Bool { !description.contains { $0.isNewline } }
}

/// One change of a good kernel, and what becomes of it.
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

    /// Builds the changed kernel and expects the exact outcome, told in one line.
    func check() throws {
        var kernel = ELFBuilder()
        change(&kernel)
        do {
            _ = try load(kernel.bytes())
            #expect(problem == nil)
        } catch let error as ELFError {
            #expect(problem.map { ELFError(file: "kernel", problem: $0) } == error)
            #expect(error.isToldInOneLine)
            #expect(error.description.hasPrefix("kernel: "))
            #expect(error.description.hasSuffix("[\(error.problem.rule)]"))
        }
    }
}
