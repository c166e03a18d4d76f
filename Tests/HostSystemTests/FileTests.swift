import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import HostSystem

/// Files that replace an output in one step, or leave nothing behind.
struct AtomicFileTests {
    @Test func `the output holds its old content until it is replaced`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            try write("old", to: output)
            var file = try AtomicFile(replacing: OutputPath(output))
            try file.write(Array("new".utf8))
            try file.write(Array("er".utf8), at: 3)
            #expect(file.path.removingLastComponent() == folder)
            #expect(try read(output) == "old")
            try file.replaceOutput()
            #expect(try read(output) == "newer")
            #expect(try names(in: folder) == ["output"])
        }
    }

    @Test func `a file that is given up vanishes`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            try write("old", to: output)
            do {
                let file = try AtomicFile(replacing: OutputPath(output))
                try file.write([1])
                let other = try AtomicFile(replacing: OutputPath(output))
                #expect(try names(in: folder).count == 3)
                #expect(other.path != file.path)
            }
            #expect(try names(in: folder) == ["output"])
            #expect(try read(output) == "old")
        }
    }

    @Test func `leftovers of killed processes are removed, and no other file`() async throws {
        try await withTemporaryFolder { folder in
            let others = [
                ".other.4-1.tmp", ".output..tmp", ".output.4-.tmp", ".output.4-1-2.tmp",
                ".output.mine.tmp", ".output.tmp", ".output.txt",
            ]
            for name in others + [".output.4-1.tmp"] { try write("x", to: folder.appending(name)) }
            try AtomicFile.write([1], to: folder.appending("output"))
            #expect(try names(in: folder) == (others + ["output"]).sorted())
        }
    }

    @Test func `a file in use by another writer is no leftover`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            var first = try AtomicFile(replacing: OutputPath(output))
            try AtomicFile.write([2], to: output)
            try first.write([1])
            try first.replaceOutput()
            #expect(try read(output) == "\u{1}")
        }
    }

    @Test func `a symbolic link stays, and its file is replaced`() async throws {
        try await withTemporaryFolder { folder in
            try makeFolder(folder.appending("elsewhere"))
            try write("old", to: folder.pushing("elsewhere/real"))
            try link(folder.appending("middle"), to: "elsewhere/real")
            try link(folder.appending("output"), to: "middle")
            try AtomicFile.write("new".utf8, to: folder.appending("output"))
            #expect(
                try folder.appending("output").stat(followTargetSymlink: false).type
                    == .symbolicLink)
            #expect(try read(folder.pushing("elsewhere/real")) == "new")
            #expect(try names(in: folder) == ["elsewhere", "middle", "output"])
        }
    }

    @Test func `a dangling link gets its file`() async throws {
        try await withTemporaryFolder { folder in
            try link(folder.appending("output"), to: "real")
            try AtomicFile.write("new".utf8, to: folder.appending("output"))
            #expect(try read(folder.appending("real")) == "new")
        }
    }

    @Test func `links in a circle are refused`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            try link(output, to: "output")
            #expect(throws: FileError.failed(.find, output, .tooManySymbolicLinkLevels)) {
                try AtomicFile.write([1], to: output)
            }
        }
    }

    @Test func `a hard link keeps the old content`() async throws {
        try await withTemporaryFolder { folder in
            let (output, other) = (folder.appending("output"), folder.appending("other"))
            try write("old", to: output)
            try FileManager.default.linkItem(atPath: output.string, toPath: other.string)
            try AtomicFile.write("new".utf8, to: output)
            #expect(try read(other) == "old")
            #expect(try read(output) == "new")
        }
    }

    @Test(arguments: ["", "/", "/dev/null", "/dev", "..", "."] as [FilePath])
    func `a folder or a device is refused`(_ output: FilePath) {
        #expect(throws: FileError.notAFile(output)) { try AtomicFile.write([1], to: output) }
    }

    @Test func `a missing folder is an error`() async throws {
        try await withTemporaryFolder { folder in
            let error = #expect(throws: FileError.self) {
                try AtomicFile.write([1], to: folder.pushing("missing/output"))
            }
            guard case .failed(.create, _, .noSuchFileOrDirectory) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `an output that turns into a folder is left alone`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            var file = try AtomicFile(replacing: OutputPath(output))
            try makeFolder(output)
            #expect(throws: FileError.failed(.replace, output, .isDirectory)) {
                try file.replaceOutput()
            }
        }
    }

    @Test(arguments: ["with space,comma", "-dash", "new\nline", String(repeating: "n", count: 255)])
    func `any file name can be written`(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder.appending(name))
            #expect(try names(in: folder) == [name])
        }
    }
}

/// Folders and files for a short time.
struct TemporaryFolderTests {
    @Test func `a folder is removed with its content`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            do {
                let temporary = try TemporaryFolder(beside: output)
                #expect(temporary.path.removingLastComponent() == folder)
                #expect(try temporary.path.stat().permissions == .ownerReadWriteExecute)
                try makeFolder(temporary.path.appending("deep"))
                try write("x", to: temporary.path.pushing("deep/file"))
                try write("kept", to: folder.appending("outside"))
                try link(temporary.path.appending("link"), to: "../outside")
            }
            #expect(try names(in: folder) == ["outside"])
        }
    }

    @Test func `a complete folder takes its place`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            do {
                var temporary = try TemporaryFolder(beside: output)
                try write("x", to: temporary.path.appending("file"))
                try temporary.take(output)
            }
            #expect(try names(in: folder) == ["output"])
            #expect(try read(output.appending("file")) == "x")
        }
    }

    @Test(arguments: [true, false])
    func `a folder never replaces anything`(_ isFolder: Bool) async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            if isFolder { try makeFolder(output) } else { try write("old", to: output) }
            do {
                var temporary = try TemporaryFolder(beside: output)
                let expected = FileError.failed(.replace, output, .fileExists)
                do throws(FileError) {
                    try temporary.take(output)
                    Issue.record("the folder replaced \(output)")
                } catch {
                    #expect(error == expected)
                }
            }
            #expect(try names(in: folder) == ["output"])
        }
    }

    @Test func `an anonymous file has content and no name`() throws {
        let file = try AnonymousFile()
        try file.descriptor.writeAll("content".utf8)
        #expect(try file.descriptor.stat().linkCount == 0)
        #expect(try file.bytes(atMost: 4) == Array("cont".utf8))
        #expect(try file.bytes(atMost: 100) == Array("content".utf8))
    }

    @Test func `a file that is too long is not read`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("file")
            try write("12345", to: path)
            #expect(try path.readAll(atMost: 5) == Array("12345".utf8))
            #expect(throws: FileError.failed(.read, path, .fileTooLarge)) {
                _ = try path.readAll(atMost: 4)
            }
        }
    }
}
