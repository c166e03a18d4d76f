@testable import ELFKit
@testable import ELFSamples
import Foundation
import SystemPackage
import Testing

@Suite("Files that cannot be read")
struct FileTests {
    private static func refusal(_ path: FilePath) -> ELFError? {
        do throws(ELFError) {
            _ = try KernelELF.load(path)
            return nil
        } catch { return error }
    }

    @Test func `a missing file is a missing input`() {
        let error = Self.refusal("/nowhere/kernel")
        #expect(error?.problem == .cannotOpen(.noSuchFileOrDirectory))
        #expect(error?.isInputMissing == true)
        #expect(error?.isReadFailure == false)
        #expect(
            error?.description
                == "/nowhere/kernel: cannot be opened: No such file or directory; "
                + "check the path and its permissions [file-open]")
    }

    @Test func `a bad kernel is not a missing input`() throws {
        try withTemporaryFile([]) { path in
            let error = Self.refusal(path)
            #expect(error == ELFError(file: path.string, problem: .header(.empty)))
            #expect(error?.isInputMissing == false)
        }
    }

    @Test(arguments: [("/", FileType.directory), ("/dev/null", .characterSpecial)])
    func `a special file is refused`(_ path: String, _ type: FileType) {
        #expect(
            Self.refusal(FilePath(path)) == ELFError(file: path, problem: .notRegularFile(type)))
    }

    @Test func `a FIFO without a writer is refused without blocking`() throws {
        let path = FilePath("/tmp/elfkit-fifo-\(UInt64.random(in: 0 ... .max))")
        try #require(mkfifo(path.string, 0o600) == 0)
        defer { unlink(path.string) }
        #expect(
            Self.refusal(path) == ELFError(file: path.string, problem: .notRegularFile(.fifo)))
    }

    @Test func `a descriptor opened for writing only is a read failure`() throws {
        try withTemporaryFile(ELFBuilder().bytes()) { path in
            let file = try FileDescriptor.open(path, .writeOnly)
            let error = ELFError(file: "k", problem: .cannotRead(.badFileDescriptor))
            #expect(error.isReadFailure)
            defer { try? file.close() }
            #expect(throws: error) { try KernelELF.load(from: file, named: "k") }
        }
    }

    @Test func `the position of the descriptor is neither used nor changed`() throws {
        try withTemporaryFile(ELFBuilder().bytes()) { path in
            let file = try FileDescriptor.open(path, .readOnly)
            try file.closeAfter {
                try file.seek(offset: 77, from: .start)
                _ = try KernelELF.load(from: file, named: "k")
                #expect(try file.seek(offset: 0, from: .current) == 77)
            }
        }
    }

    @Test func `reading past the end of a file that shrank is an error`() throws {
        try withTemporaryFile(ELFBuilder().bytes()) { path in
            let descriptor = try FileDescriptor.open(path, .readWrite)
            defer { try? descriptor.close() }
            let file = try KernelFile(descriptor)
            try descriptor.resize(to: 0x300)
            #expect(throws: ELFError.Problem.shrankWhileRead(offset: 0x300)) {
                try file.bytes(in: 0x280..<0x400)
            }
        }
    }

    @Test func `an error is one line even if the file name has a line break`() {
        let error = Self.refusal("/nowhere/a\nb\u{2028}c\u{7}")
        #expect(error?.description.hasPrefix("/nowhere/a\\nb\\u{2028}c\\u{07}: ") == true)
    }
}
