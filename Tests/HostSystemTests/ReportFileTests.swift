import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import HostSystem

/// Outputs that are replaced, and those that are written into.
struct ReportFileTests {
    @Test func `missing folders are made, and a file is replaced at once`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a/b/report.xml")
            for text in ["old and long", "new"] {
                let report = try ReportFile(preparing: path)
                #expect(!report.isStream)
                try report.write(text.utf8)
            }
            #expect(try path.readAll() == Array("new".utf8))
            #expect(try names(in: folder.appending("a/b")) == ["report.xml"])
        }
    }

    @Test func `a preparation leaves the old content`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("report.xml")
            try AtomicFile.write("old".utf8, to: path)
            _ = try ReportFile(preparing: path)
            #expect(try path.readAll() == Array("old".utf8))
        }
    }

    @Test func `a device stays a device, and a link stays a link`() async throws {
        try await withTemporaryFolder { folder in
            try ReportFile(preparing: "/dev/null").write("x".utf8)
            #expect(try FilePath("/dev/null").stat().type == .characterSpecial)
            let link = folder.appending("link")
            try FileManager.default.createSymbolicLink(
                atPath: link.string, withDestinationPath: "target")
            try ReportFile(preparing: link).write("x".utf8)
            #expect(try folder.appending("target").readAll() == Array("x".utf8))
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: link.string) == "target")
        }
    }

    @Test func `a pipe receives the report`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("pipe")
            try #require(path.withPlatformString { mkfifo($0, 0o600) } == 0)
            let reader = try FileDescriptor.openForReading(path)
            defer { try? reader.close() }
            try ReportFile(preparing: path).write("report".utf8)
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = try bytes.withUnsafeMutableBytes { try reader.read(into: $0) }
            #expect(bytes[..<count].elementsEqual("report".utf8))
            #expect(try path.stat().type == .fifo)
        }
    }

    @Test func `a folder is refused, and so is a file in a folder's place`() async throws {
        try await withTemporaryFolder { folder in
            #expect(throws: FileError.isFolder(folder)) { try ReportFile(preparing: folder) }
            let file = folder.appending("file")
            try AtomicFile.write([], to: file)
            #expect(throws: FileError.failed(.create, file, .notDirectory)) {
                try ReportFile(preparing: file.appending("report"))
            }
        }
    }

    @Test func `a full device is an error that names it`() {
        #expect(throws: FileError.failed(.write, "/dev/full", .noSpace)) {
            try ReportFile(preparing: "/dev/full").write("x".utf8)
        }
    }
}
