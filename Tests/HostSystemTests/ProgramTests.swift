import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import HostSystem

/// Programs that are run for their output: results, limits and interruptions.
struct ProgramTests {
    private static let shell = Program(path: "/bin/sh")

    @Test(
        arguments: [
            ("a", "a"), ("/-a", "/-a"), ("-a", "./-a"), ("-", "./-"), ("nbd:a", "./nbd:a"),
            ("../a:b", "./../a:b"), ("/a:b", "/a:b"),
        ] as [(FilePath, String)])
    func `no program takes a path for an option or a URL`(_ path: FilePath, _ argument: String) {
        #expect(path.argument == argument)
    }

    @Test func `a program is found on PATH`() throws {
        #expect(try Program("sh").path.lastComponent == "sh")
        #expect(throws: ProgramError.notFound("no-such-program")) {
            _ = try Program("no-such-program")
        }
    }

    @Test func `both outputs are returned`() throws {
        #expect(try Self.shell.run(["-c", "echo out; echo err >&2"]) == "out\nerr\n")
    }

    @Test func `a failure carries the exit and the output`() {
        let expected = ProgramError.failed("/bin/sh", .status(3), output: "no\n")
        #expect(throws: expected) { _ = try Self.shell.run(["-c", "echo no >&2; exit 3"]) }
        let killed = ProgramError.failed("/bin/sh", .signal(SIGKILL), output: "")
        #expect(throws: killed) { _ = try Self.shell.run(["-c", "kill -9 $$"]) }
    }

    @Test func `a program that cannot be executed is an error`() {
        #expect(throws: ProgramError.notStarted("/etc/passwd", .permissionDenied)) {
            _ = try Program(path: "/etc/passwd").run([])
        }
    }

    @Test func `output beyond 64 KiB is dropped, and the program still ends`() throws {
        let text = try Self.shell.run(["-c", "head -c 300000 /dev/zero | tr '\\0' x"])
        #expect(text.utf8.count == 64 << 10)
        #expect(text.allSatisfy { $0 == "x" })
    }

    @Test func `each line is passed on, also the last without a line feed`() throws {
        var lines: [String] = []
        try Self.shell.forEachLine(
            ["-c", "echo one; echo ignored >&2; printf tw; sleep 0.1; printf 'o\\nthree'"]
        ) { lines.append(String($0)) }
        #expect(lines == ["one", "two", "three"])
    }

    @Test func `lines before a failure are passed on`() {
        var lines: [String] = []
        #expect(throws: ProgramError.failed("/bin/sh", .status(1), output: "")) {
            try Self.shell.forEachLine(["-c", "echo one; exit 1"]) { lines.append(String($0)) }
        }
        #expect(lines == ["one"])
    }

    @Test func `standard input is empty unless set`() async throws {
        #expect(try Self.shell.run(["-c", "cat"]) == "")
        try await withTemporaryFolder { folder in
            let file = folder.appending("input")
            try write("words\n", to: file)
            var program = Self.shell
            program.input = try .open(file, .readOnly)
            #expect(try program.run(["-c", "cat"]) == "words\n")
            try program.input?.close()
        }
    }

    @Test func `standard output can go to a file`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("output")
            let file = try FileDescriptor.open(
                path, .writeOnly, options: .create, permissions: .ownerReadWrite)
            let text = try Self.shell.run(["-c", "echo out; echo err >&2"], output: file)
            try file.close()
            #expect(text == "err\n")
            #expect(try read(path) == "out\n")
        }
    }

    @Test func `a program that reaches its limit is killed with its children`() async throws {
        try await withTemporaryFolder { folder in
            let pid = folder.appending("pid")
            var program = Self.shell
            program.limit = .seconds(2)
            #expect(throws: ProgramError.timedOut("/bin/sh", limit: .seconds(2))) {
                _ = try program.run(["-c", "sleep 1000 & echo $! >\(pid); wait"])
            }
            let number = try #require(Int32(try read(pid).dropLast()))
            try await expectEnd(of: number)
        }
    }

    @Test func `a child that holds the pipe open does not keep its parent`() async throws {
        try await withTemporaryFolder { folder in
            let pid = folder.appending("pid")
            let text = try Self.shell.run(["-c", "sleep 1000 & echo $! >\(pid); echo done"])
            #expect(text == "done\n")
            kill(try #require(Int32(try read(pid).dropLast())), SIGKILL)
        }
    }

    /// Sends the signal to this thread, because a signal to the process would end the tests.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `an interruption kills the program`(_ signal: Int32) {
        let outer = BlockedSignals()
        pthread_kill(pthread_self(), signal)
        #expect(throws: ProgramError.interrupted("/bin/sh", by: signal)) {
            _ = try Self.shell.run(["-c", "exec sleep 1000"])
        }
        #expect(outer.nextInterrupt() == nil)
    }

    @Test func `waiting for a signal ends at the deadline`() {
        let signals = BlockedSignals()
        #expect(signals.wait(until: .now + .milliseconds(20)) != SIGTERM)
        pthread_kill(pthread_self(), SIGTERM)
        #expect(signals.nextInterrupt() == SIGTERM)
        #expect(signals.nextInterrupt() == nil)
    }

    /// A killed process is gone, or a zombie until it is reaped.
    private func expectEnd(of process: Int32) async throws {
        for _ in 0..<500 {
            let status = try? read(FilePath("/proc/\(process)/stat"))
            if status == nil || status?.contains(") Z ") == true { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("process \(process) is still running")
    }
}
