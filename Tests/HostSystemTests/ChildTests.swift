import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import HostSystem

/// Child processes: what they get, how they end, and who ends them.
struct ChildTests {
    private static let shell: FilePath = "/bin/sh"

    /// Runs a shell script to its end.
    private static func run(
        _ script: String, streams: [FileDescriptor] = [],
        environment: HostSystem.Environment.Changes = .init()
    ) throws -> Exit {
        try Child.spawn(
            shell, ["-c", script], streams: streams, environment: environment,
            signals: BlockedSignals()
        ).wait()
    }

    @Test(
        arguments: [
            (0, .status(0), 0), (0x2100, .status(33), 33), (0xFF00, .status(255), 255),
            (9, .signal(9), 137), (0x80 | 11, .signal(11), 139),
        ] as [(Int32, Exit, Int32)])
    func `a wait status is an exit status or a signal`(
        _ status: Int32, _ exit: Exit, _ shellStatus: Int32
    ) {
        #expect(Exit(waitStatus: status) == exit)
        #expect(exit.shellStatus == shellStatus)
    }

    @Test(
        arguments: [
            ("exit 0", .status(0)), ("exit 33", .status(33)), ("kill -9 $$", .signal(SIGKILL)),
            ("kill -15 $$", .signal(SIGTERM)),
        ] as [(String, Exit)])
    func `a child's end is decoded`(_ script: String, _ exit: Exit) throws {
        #expect(try Self.run(script) == exit)
    }

    @Test func `a running child has no exit yet`() throws {
        let (reading, writing) = try FileDescriptor.privatePipe()
        let child = try Child.spawn(
            Self.shell, ["-c", "read line; exit 5"], streams: [reading],
            signals: BlockedSignals())
        try reading.close()
        #expect(child.exitIfEnded() == nil)
        try writing.close()
        #expect(child.wait() == .status(5))
    }

    @Test(
        arguments: [
            ("/bin/no-such-program", .noSuchFileOrDirectory), ("/etc/passwd", .permissionDenied),
        ] as [(FilePath, Errno)])
    func `a program that cannot be executed throws exec's errno`(
        _ program: FilePath, _ errno: Errno
    ) {
        #expect(throws: errno) {
            _ = try Child.spawn(program, [], signals: BlockedSignals())
        }
    }

    @Test func `a child gets its streams in order`() async throws {
        try await withTemporaryFolder { folder in
            let files = try ["in", "out", "err", "three"].map { name in
                try FileDescriptor.open(
                    folder.appending(name), .readWrite, options: [.create],
                    permissions: .ownerReadWrite)
            }
            try files[0].writeAll("hello\n".utf8)
            try files[0].seek(offset: 0, from: .start)
            let exit = try Self.run(
                "read word; echo $word; echo oops >&2; echo more >&3", streams: files)
            #expect(exit == .status(0))
            for file in files { try file.close() }
            #expect(try read(folder.appending("out")) == "hello\n")
            #expect(try read(folder.appending("err")) == "oops\n")
            #expect(try read(folder.appending("three")) == "more\n")
        }
    }

    @Test func `streams can swap this process's descriptors`() throws {
        let (first, second) = (try FileDescriptor.privatePipe(), try FileDescriptor.privatePipe())
        // Descriptor 1 is what was 2, and the reverse: neither may overwrite the other.
        let null = try #require(FileDescriptor.open(null: .readOnly))
        #expect(
            try Self.run("echo out; echo err >&2", streams: [null, second.writing, first.writing])
                == .status(0))
        for descriptor in [null, first.writing, second.writing] { try descriptor.close() }
        #expect(try readToEnd(second.reading) == "out\n")
        #expect(try readToEnd(first.reading) == "err\n")
    }

    @Test func `a child of its own group is killed with its children`() throws {
        let (reading, writing) = try FileDescriptor.privatePipe()
        let null = try #require(FileDescriptor.open(null: .readOnly))
        let child = try Child.spawn(
            Self.shell, ["-c", "sleep 1000 & echo started; wait"], streams: [null, writing],
            lifetime: .ownGroup, signals: BlockedSignals())
        for descriptor in [null, writing] { try descriptor.close() }
        var line = [UInt8](repeating: 0, count: 8)
        let count = try line.withUnsafeMutableBytes { try reading.read(into: $0) }
        #expect(String(decoding: line[..<count], as: UTF8.self) == "started\n")
        child.send(SIGKILL)
        #expect(child.wait() == .signal(SIGKILL))
        // The grandchild holds the pipe open: the read returns only once it is gone as well.
        #expect(try readToEnd(reading) == "")
    }

    @Test func `SIGTERM is not blocked in a child`() throws {
        #expect(try Self.run("kill -TERM $$; exit 1") == .signal(SIGTERM))
    }

    @Test func `defaults are added unless set, and withheld variables are not inherited`() throws {
        setenv("BOOTIMAGE_TEST_KEPT", "kept", 1)
        setenv("BOOTIMAGE_TEST_WITHHELD", "secret", 1)
        defer {
            unsetenv("BOOTIMAGE_TEST_KEPT")
            unsetenv("BOOTIMAGE_TEST_WITHHELD")
        }
        let changes = HostSystem.Environment.Changes(
            defaults: ["BOOTIMAGE_TEST_KEPT=other", "BOOTIMAGE_TEST_NEW=new"],
            withheld: ["BOOTIMAGE_TEST_WITHHELD"])
        let script = """
            test "$BOOTIMAGE_TEST_KEPT" = kept || exit 1
            test "$BOOTIMAGE_TEST_NEW" = new || exit 2
            test -z "$BOOTIMAGE_TEST_WITHHELD" || exit 3
            """
        #expect(try Self.run(script, environment: changes) == .status(0))
        #expect(try Self.run(script) != .status(0))
    }
}
