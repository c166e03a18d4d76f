import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Files in a folder, and in folders of it.
@Suite struct FolderWriterTests {
    @Test func filesArriveInTheirFolders() async throws {
        try await withTemporaryFolder { folder in
            let served = folder.appending("served")
            for byte in [1, 2] as [UInt8] {
                try ImageWriter().write(layout(byte, "a", "b/c/d", "B/e"), to: served)
                #expect(try tree(served) == ["a", "b", "b/c", "b/c/d", "b/e"])
                #expect(try read(served.pushing("b/c/d")) == [byte])
                #expect(try read(served.pushing("b/e")) == [byte])
            }
        }
    }

    @Test func fileInAFoldersPlaceIsRefused() async throws {
        try await expectRefusal(of: "new/x", "b/c/d") { served in
            try write([9], to: served.appending("b"))
            return .outputNotAFolder(path: served.appending("b"))
        }
    }

    @Test func folderInAFilesPlaceIsRefused() async throws {
        try await expectRefusal(of: "new/x", "b/c") { served in
            try makeFolder(served.pushing("b/c"))
            return .outputNotAFile(path: served.pushing("b/c"))
        }
    }

    @Test(arguments: ["b", "b/c"] as [FilePath])
    func folderThatIsALinkElsewhereIsRefused(name: FilePath) async throws {
        try await expectRefusal(of: "new/x", "b/c/d") { served in
            let path = served.pushing(name)
            try makeFolder(path.removingLastComponent())
            try makeLink(path, to: served.removingLastComponent().appending("outside"))
            return .outputElsewhere(path: path, folder: served)
        }
    }

    @Test(arguments: ["there", "missing"])
    func fileThatIsALinkElsewhereIsRefused(target: String) async throws {
        try await expectRefusal(of: "new/x", "a") { served in
            try makeLink(served.appending("a"), to: FilePath("../outside").appending(target))
            return .outputElsewhere(path: served.appending("a"), folder: served)
        }
    }

    @Test func linksInsideOfTheFolderStay() async throws {
        try await withTemporaryFolder { folder in
            let (link, served) = (folder.appending("link"), folder.appending("served"))
            try makeFolder(served.appending("real"))
            try makeLink(link, to: "served")
            try makeLink(served.appending("b"), to: "real")
            try makeLink(served.appending("a"), to: "real/a")
            try ImageWriter().write(layout(1, "a", "b/c"), to: link)
            #expect(try tree(served) == ["a", "b", "real", "real/a", "real/c"])
        }
    }

    /// Lets `prepare` put something into the folder, and expects the error that it returns, and
    /// that everything is as it was.
    private func expectRefusal(
        of paths: String..., prepare: (FilePath) throws -> WriteError
    ) async throws {
        try await withTemporaryFolder { folder in
            let served = folder.appending("served")
            try makeFolder(served)
            try makeFolder(folder.appending("outside"))
            try write([8], to: folder.pushing("outside/there"))
            let expected = try prepare(served)
            let before = try tree(folder)
            let layout = try FolderLayout(files: files(1, paths))
            #expect(throws: expected) { try ImageWriter().write(layout, to: served) }
            #expect(!expected.description.contains("\n"))
            #expect(try tree(folder) == before)
            #expect(try read(folder.pushing("outside/there")) == [8])
        }
    }

    private func layout(_ byte: UInt8, _ paths: String...) throws -> FolderLayout {
        try FolderLayout(files: files(byte, paths))
    }

    private func files(_ byte: UInt8, _ paths: [String]) -> [EFIImage.File] {
        paths.map { EFIImage.File(path: $0, content: .bytes([byte])) }
    }

    /// The paths below a folder, sorted.
    private func tree(_ folder: FilePath) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.string).sorted()
    }

    private func makeFolder(_ path: FilePath) throws {
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: true)
    }

    private func makeLink(_ path: FilePath, to target: FilePath) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path.string, withDestinationPath: target.string)
    }
}
