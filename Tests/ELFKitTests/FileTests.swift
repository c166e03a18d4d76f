@testable import ELFKit
import Foundation
import SystemPackage
import Testing

@Suite("What is not a readable regular file")
struct FileTests {
    private static func refusal(_ path: FilePath) -> ELFError? {
        do throws(ELFError) {
            _ = try KernelELF.load(path)
            return nil
        } catch { return error }
    }

    @Test func missingFileIsAMissingInput() {
        let error = Self.refusal("/nowhere/kernel")
        #expect(error?.problem == .cannotOpen(.noSuchFileOrDirectory))
        #expect(error?.isInputMissing == true)
        #expect(error?.isReadFailure == false)
        #expect(
            error?.description
                == "/nowhere/kernel: cannot be opened: No such file or directory; "
                + "check the path and its permissions [file-open]")
    }

    @Test func badKernelIsNotAMissingInput() throws {
        try withTemporaryFile([]) { path in
            let error = Self.refusal(path)
            #expect(error == ELFError(file: path.string, problem: .header(.empty)))
            #expect(error?.isInputMissing == false)
        }
    }

    @Test(arguments: [("/", FileType.directory), ("/dev/null", .characterSpecial)])
    func specialFile(_ path: String, _ type: FileType) {
        #expect(
            Self.refusal(FilePath(path)) == ELFError(file: path, problem: .notRegularFile(type)))
    }

    @Test("A FIFO that nobody writes to is refused at once")
    func fifo() throws {
        let path = FilePath("/tmp/elfkit-fifo-\(UInt64.random(in: 0 ... .max))")
        try #require(mkfifo(path.string, 0o600) == 0)
        defer { unlink(path.string) }
        #expect(
            Self.refusal(path) == ELFError(file: path.string, problem: .notRegularFile(.fifo)))
    }

    @Test func descriptorOnlyForWritingIsAReadFailure() throws {
        try withTemporaryFile(ELFBuilder().bytes()) { path in
            let file = try FileDescriptor.open(path, .writeOnly)
            let error = ELFError(file: "k", problem: .cannotRead(.badFileDescriptor))
            #expect(error.isReadFailure)
            defer { try? file.close() }
            #expect(throws: error) { try KernelELF.load(from: file, named: "k") }
        }
    }

    @Test("The descriptor's position is neither used nor changed")
    func positionStays() throws {
        try withTemporaryFile(ELFBuilder().bytes()) { path in
            let file = try FileDescriptor.open(path, .readOnly)
            try file.closeAfter {
                try file.seek(offset: 77, from: .start)
                _ = try KernelELF.load(from: file, named: "k")
                #expect(try file.seek(offset: 0, from: .current) == 77)
            }
        }
    }

    @Test("A file that is truncated meanwhile is an error, not the end of the process")
    func truncatedMeanwhile() throws {
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

    @Test("A file name with a line break does not break the line")
    func lineBreakInName() {
        let error = Self.refusal("/nowhere/a\nb\u{2028}c\u{7}")
        #expect(error?.description.hasPrefix("/nowhere/a\\nb\\u{2028}c\\u{07}: ") == true)
    }
}
