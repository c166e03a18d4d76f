import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import ELFKit
@testable import HostSystem

/// `bootimage doctor` never waits for longer than it may, and leaves nothing running.
@Suite(.timeLimit(.minutes(30)))
struct DoctorPatienceTests {
    @Test(arguments: [
        "exec /bin/sleep 600",
        // One that the signal to the script alone would leave.
        "/bin/sleep 600 & wait",
        "exec >/dev/null 2>&1; exec /bin/sleep 600",
        "trap '' TERM INT HUP; while :; do echo version; done",
    ])
    func `a program that hangs is killed`(_ script: String) async throws {
        try await withFakeHost { host in
            let record = host.qemu.path.appending("record")
            try await host.install("clang", "echo $$ >\(record); \(script)")
            let (exitCode, report) = try await host.examine("--timeout", "10")
            #expect(exitCode == 0)
            #expect(
                report["clang"]?.problem == "\(host.qemu.path)/clang did not end within 10 s")
            #expect(report.faults == ["clang"])
            #expect(try await isGroupEnding(record))
        }
    }

    @Test func `a QEMU that hangs is an error`() async throws {
        try await withFakeHost { host in
            try await host.install("qemu-system-x86_64", "exec /bin/sleep 600")
            let (exitCode, report) = try await host.examine("--timeout", "10")
            #expect(exitCode == 69)
            #expect(report.faults == ["QEMU"])
        }
    }

    @Test func `a program's background processes are not waited for`() async throws {
        try await withFakeHost { host in
            try await host.install("clang", "/bin/sleep 60 & echo version 1.2.3")
            let (_, report) = try await host.examine("--timeout", "30")
            #expect(report["clang"]?.version == "1.2.3")
        }
    }

    @Test(arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)] as [(String, Int32)])
    func `a signal also ends the running program`(
        _ name: String, _ status: Int32
    ) async throws {
        try await withFakeHost { host in
            let record = host.qemu.path.appending("record")
            try await host.install(
                "clang", "echo $$ >\(record); kill -\(name) $PPID; exec /bin/sleep 600")
            let verdict = try await host.qemu.run(["doctor"])
            #expect(verdict.exitCode == status)
            #expect(verdict.output == "")
            #expect(try await isGroupEnding(record))
        }
    }

    /// By way of strace, which can make any system call fail or take long.
    @Test(
        .needs("strace"),
        arguments: [
            ("error=ENOENT", "/dev/kvm does not exist"),
            ("error=EACCES", "this user has no access to /dev/kvm"),
            ("delay_enter=30000000", "a one-page guest did not end in time"),
        ])
    func `broken KVM is reported`(_ fault: String, _ problem: String) async throws {
        try await withFakeHost { host in
            let strace = [
                "-f", "-o", "/dev/null", "-P", "/dev/kvm", "-e", "trace=openat",
                "-e", "inject=openat:\(fault)", Project.bootimage.name,
            ]
            let path = try #require(Tool.path(of: "strace")?.string)
            let verdict = try await Tool(name: path).run(
                strace + ["doctor", "--json", "--timeout", "10"],
                environment: ["PATH": host.qemu.path.string])
            let finding = try #require(try FakeHost.Report(verdict.output)["KVM"])
            #expect(finding.problem == problem)
            #expect(finding.status == "note")
            #expect(verdict.exitCode == 0)
        }
    }

    /// Whether the process that wrote its number there ends with its process group, which was
    /// killed.
    private func isGroupEnding(_ record: FilePath) async throws -> Bool {
        let text = String(decoding: try read(record), as: UTF8.self)
        let number = text.trimmingCharacters(in: .newlines)
        let deadline = ContinuousClock.now + .seconds(120)
        while try hasMembers(group: number) {
            if .now > deadline { return false }
            try await Task.sleep(for: .milliseconds(10))
        }
        return true
    }

    /// Whether a process of that group runs; one that has ended may wait for its parent.
    private func hasMembers(group: String) throws -> Bool {
        try names(in: "/proc").contains { name in
            // NUMBER (NAME) STATE PARENT GROUP …
            guard let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[end...].split(separator: " ")
            return fields.count > 3 && fields[3] == group && fields[1] != "Z"
        }
    }
}
