import Foundation
import GuestFSProtocol
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import bootimage_guestfs

/// GNU tar finds the same in the archives that the helper makes as in its own.
@Suite(.needs("tar", "sh"))
struct TarStreamTests {
    @Test func `GNU tar lists everything as it was`() async throws {
        try await withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            try await run(
                """
                mkdir -p tree/deep/er tree/empty; cd tree
                echo first >'a file.txt'; head -c 100001 /dev/zero >deep/b; head -c 512 /dev/zero >c
                ln deep/b hard; ln -s deep link; ln -s /nowhere dangling; mkfifo pipe; : >nothing
                long=$(printf '%0120d' 7); mkdir "$long"; echo x >"$long/$long"
                ln -s "$long/$long" long-link; ln "$long/$long" long-hard
                exact=$(printf '%0100d' 8); echo y >"$exact"; echo z >'-x'; echo ü >ümlaut
                chmod 4751 c; chmod 1700 deep; chmod 000 empty
                touch -h -d 2001-02-03T04:05:06 'a file.txt' link
                touch -d 1901-01-01T00:00:00 nothing; touch -d 2300-01-01T00:00:00 hard
                if [ "$(id -u)" = 0 ]; then
                    chown 1234:70000 'a file.txt'; chown 3000000:4294967294 c
                    mknod null c 1 3; mknod disk b 259 300
                fi
                """, in: folder)
            let count = try archive(tree, to: folder.appending("ours"))
            let list = "tar --list --verbose --numeric-owner --full-time --file"
            let ours = try await run("\(list) ours", in: folder)
            let theirs = try await run(
                """
                (cd tree; ls -A) | LC_ALL=C sort | tr '\\n' '\\0' >names
                tar --create --format=gnu --sort=name --directory=tree --file=theirs \
                    --null --verbatim-files-from --files-from=names
                \(list) theirs
                """, in: folder)
            #expect(ours == theirs)
            #expect(ours.contains("long-hard link to "), "\(ours)")
            #expect(try folder.appending("ours").stat().size == count)
        }
    }

    @Test func `a length that octal digits cannot say`() async throws {
        try await withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            try await run("mkdir tree; truncate --size 9000000001 tree/long", in: folder)
            let descriptor = try FileDescriptor.open(tree, .readOnly)
            defer { try? descriptor.close() }
            let entry = try #require(try SourceTree(descriptor).entries.first)
            let header = TarHeader(entry)
            #expect(header.dataByteCount == 9_000_000_001)
            try Data(header.bytes).write(to: URL(filePath: folder.appending("header").string))
            let list = try await run("tar --list --verbose --file=header 2>&1 || true", in: folder)
            #expect(list.contains(" 9000000001 "), "\(list)")
        }
    }

    @Test func `a file that became shorter is named`() async throws {
        try await withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            try await run("mkdir -p tree/a; head -c 3000 /dev/zero >tree/a/b", in: folder)
            let descriptor = try FileDescriptor.open(tree, .readOnly)
            defer { try? descriptor.close() }
            let stream = TarStream(try SourceTree(descriptor))
            try await run("truncate --size 2999 tree/a/b", in: folder)
            let output = try FileDescriptor.open("/dev/null", .writeOnly)
            defer { try? output.close() }
            #expect(throws: GuestFSError.changedSource(path: "a/b")) {
                try stream.write(to: output) { _ in }
            }
            try await run("rm tree/a/b", in: folder)
            #expect(throws: GuestFSError.unreadableSource(path: "a/b", errno: 2)) {
                try stream.write(to: output) { _ in }
            }
        }
    }

    /// Writes a folder's archive; returns the predicted length, with the two blocks at the end.
    private func archive(_ tree: FilePath, to path: FilePath) throws -> Int {
        let descriptor = try FileDescriptor.open(tree, .readOnly)
        defer { try? descriptor.close() }
        let stream = TarStream(try SourceTree(descriptor))
        let output = try FileDescriptor.open(
            path, .writeOnly, options: .create, permissions: .ownerReadWrite)
        defer { try? output.close() }
        var reports: [Int] = []
        try stream.write(to: output) { reports.append($0) }
        #expect(reports == reports.sorted() && reports.last == stream.byteCount + 1024)
        return stream.byteCount + 1024
    }

    @discardableResult
    private func run(_ script: String, in folder: FilePath) async throws -> String {
        let verdict = try await Tool(name: "sh").run(
            ["-e", "-c", script], environment: ["TZ": "UTC"], workingDirectory: folder)
        try #require(verdict.exitCode == 0, "\(verdict.text)")
        return verdict.output
    }
}
