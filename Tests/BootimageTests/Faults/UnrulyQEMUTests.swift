import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// QEMUs that do not end, and signals while one runs: no orphan, the right status, the terminal as
/// it was.
@Suite(.needs("clang", "ld.lld"))
struct UnrulyQEMUTests {
    /// Programs in QEMU's place; each tells its process number first.
    private static let sleeping = "echo $$ >pid; exec sleep 3600"
    private static let deaf = "trap '' TERM; echo $$ >pid; while :; do sleep 0.05; done"
    private static let paused = "echo $$ >pid; kill -STOP $$; exit 0"
    private static let flooding = "echo $$ >pid; exec yes"

    @Test(
        arguments: [
            (Signal.interrupt, 130), (.terminate, 143), (.terminalClosed, 129),
        ] as [(Signal, Int32)], [sleeping, deaf, paused])
    func `a signal ends QEMU too`(
        _ row: (signal: Signal, code: Int32), _ program: String
    ) async throws {
        try await withKernelAndQEMU(ending: program) { _, kernel, qemu in
            let start = ContinuousClock.now
            let (identifier, status) = try await Self.run(
                ["run", kernel], qemu, signal: row.signal)
            #expect(status == .exited(row.code))
            #expect(!Self.exists(identifier))
            print("\(row.signal): ended after \(ContinuousClock.now - start)")
        }
    }

    /// Killed with -9 it can do nothing any more; the kernel ends QEMU.
    @Test func `QEMU does not outlive its parent`() async throws {
        try await withKernelAndQEMU(ending: Self.deaf) { _, kernel, qemu in
            let (identifier, status) = try await Self.run(
                ["run", kernel], qemu, signal: .kill)
            #expect(status == .signaled(9))
            try await Self.poll { !Self.exists(identifier) }
        }
    }

    @Test(arguments: [sleeping, deaf, paused, flooding])
    func `a time limit ends QEMU`(_ program: String) async throws {
        try await withKernelAndQEMU(ending: program) { _, kernel, qemu in
            // A shell notes the end at once: on a busy machine this process may be late.
            let tool = Project.bootimage.name
            let (identifier, status) = try await Self.run(
                ["-c", #""$@"; code=$?; : >end; exit $code"#, "sh", tool]
                    + ["run", kernel, "--timeout", "8"], by: "/bin/sh", qemu)
            // From QEMU's first word on: building the image takes its time, too.
            let elapsed = try Self.written("end", qemu).timeIntervalSince(Self.written("pid", qemu))
            print("a time limit of 8 s: ended after \(elapsed) s")
            #expect(status == .exited(124))
            // The programs run for an hour or for ever; a busy machine is late to end them.
            #expect(elapsed < 60)
            #expect(!Self.exists(identifier))
        }
    }

    private static func written(_ name: String, _ qemu: FakeQEMU) throws -> Date {
        let path = qemu.home.appending(name).string
        let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        return try #require(date as? Date)
    }

    @Test(arguments: ["0", "-1", "nan", "1e300"])
    func `a time limit must be some seconds`(_ limit: String) async throws {
        let verdict = try await Project.bootimage("run", "kernel", "--timeout=\(limit)")
        #expect(verdict.exitCode == 64)
        #expect(verdict.error.contains("--timeout"))
    }

    /// QEMU in a terminal turns off echo and line editing, and when killed leaves that so.
    @Test(.needs("script", "stty")) func `the terminal is left as it was`() async throws {
        try await withKernelAndQEMU(ending: "stty raw -echo; kill -KILL $$") { _, kernel, qemu in
            let command = """
                stty -g; PATH="\(qemu.path):$PATH" '\(Project.bootimage.name)' run '\(kernel)' \
                >/dev/null; echo "status $?"; stty -g
                """
            let verdict = try await Tool(name: "script").run(["-qec", command, "/dev/null"])
            let lines = verdict.output.split(whereSeparator: \.isNewline)
            try #require(lines.count == 3, "\(verdict.text)")
            #expect(lines[1] == "status 137")
            #expect(lines[0] == lines[2])
        }
    }

    /// Runs the executable until it ends, and sends it a signal once QEMU runs.
    private static func run(
        _ arguments: [String], by program: String = Project.bootimage.name, _ qemu: FakeQEMU,
        signal: Signal? = nil
    ) async throws -> (qemu: pid_t, TerminationStatus) {
        let home = try makeFolder(qemu.home)
        let path = "\(qemu.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: Arguments(arguments),
            environment: .inherit.updating(["PATH": path]), workingDirectory: home,
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            let identifier = try await qemuIdentifier(qemu)
            if let signal { try execution.send(signal: signal) }
            return identifier
        }
        return (result.closureResult, result.terminationStatus)
    }

    /// Waits until the program has told its number.
    private static func qemuIdentifier(_ qemu: FakeQEMU) async throws -> pid_t {
        let file = qemu.home.appending("pid").string
        func read() -> pid_t? {
            let text = try? String(contentsOfFile: file, encoding: .utf8)
            return text.flatMap { pid_t($0.trimmingCharacters(in: .newlines)) }
        }
        try await poll { read() != nil }
        return try #require(read())
    }

    /// Whether there is such a process, other than one that has ended and waits to be noticed.
    private static func exists(_ identifier: pid_t) -> Bool {
        let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)
        guard let text else { return false }
        return !text.contains(") Z ")
    }

    private static func poll(_ condition: () -> Bool) async throws {
        for _ in 0..<2400 {
            if condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("nothing happened in 120 s")
    }
}
