import Foundation
import SystemPackage
import TestSupport
import Testing

/// Builds whose system calls fail, and builds that are killed: the output is the old image or the
/// new one.
@Suite(.needs("clang", "ld.lld", "strace"))
struct SystemCallFaultTests {
    /// Calls that the build cannot do without.
    ///
    /// It can without others: it removes leftovers if it can open the folder, locks if it can, and
    /// what it closes has been read.
    private static let needed: Set<String> = [
        "dup", "ftruncate", "pread64", "pwrite64", "rename", "write",
    ]

    @Test(arguments: ["bios", "uefi"])
    func `each call fails once`(_ firmware: String) async throws {
        try await Replacement.prepared(for: firmware) { replacement in
            let calls = try await SystemCall.calls(of: replacement)
            try #require(calls.contains { $0.name == "rename" } && calls.count > 25, "\(calls)")
            var tally = Tally()
            for call in calls {
                for error in ["EIO", "ENOSPC"] {
                    let verdict = try await call.inject("error=\(error)", into: replacement)
                    let fault = "\(error) from \(call): \(verdict.text)"
                    tally.count(try replacement.check(verdict, fault))
                    if Self.needed.contains(call.name) {
                        #expect([73, 74].contains(verdict.exitCode), "\(fault)")
                    }
                    try replacement.restore()
                }
            }
            print("\(firmware): calls \(calls.count), two faults each: \(tally)")
        }
    }

    @Test(arguments: ["bios", "uefi"])
    func `an interrupted call is made again`(_ firmware: String) async throws {
        try await Replacement.prepared(for: firmware) { replacement in
            let calls = try await SystemCall.calls(of: replacement)
            var tally = Tally()
            for call in calls where !["newfstatat", "readlink", "rename"].contains(call.name) {
                let verdict = try await call.inject("error=EINTR", into: replacement)
                #expect(verdict.exitCode == 0, "EINTR from \(call): \(verdict.text)")
                tally.count(try replacement.check(verdict, "EINTR from \(call)"))
                try replacement.restore()
            }
            print("\(firmware): interrupted calls: \(tally)")
        }
    }

    @Test(arguments: ["bios", "uefi"])
    func `kill -9 at each call leaves one of the images, and the next build cleans up`(
        _ firmware: String
    ) async throws {
        try await Replacement.prepared(for: firmware) { replacement in
            let calls = try await SystemCall.calls(of: replacement)
            var tally = Tally()
            for call in calls {
                let verdict = try await call.inject("signal=SIGKILL", into: replacement)
                #expect(verdict.exitCode != 0, "\(call)")
                let outcome = try replacement.outcome
                #expect(outcome != .torn, "killed at \(call)")
                tally.count(outcome)
                try await Tool(name: Project.bootimage.name).succeed(
                    Array(replacement.command.dropFirst()))
                #expect(try replacement.outcome == .new)
                #expect(try replacement.leftovers == [], "killed at \(call)")
                try replacement.restore()
            }
            print("\(firmware): kills at each of \(calls.count) calls: \(tally)")
        }
    }

    /// By the clock, as a time-out does it: the build copies enough for some kills to hit that.
    @Test func `kill -9 at 200 moments leaves one of the images`() async throws {
        try await Replacement.prepared(for: "bios") { replacement in
            let script = #"delay=$0; "$@" & sleep "$delay"; kill -9 $!; wait $!"#
            var tally = Tally()
            for moment in 0..<200 {
                let delay = "0.\(String(10_000 + moment * 5).dropFirst())"
                _ = try await Tool(name: "bash").run(["-c", script, delay] + replacement.command)
                let outcome = try replacement.outcome
                #expect(outcome != .torn, "killed after \(delay) s")
                tally.count(outcome)
                if outcome == .new { try replacement.restore() }
            }
            try await Tool(name: Project.bootimage.name).succeed(
                Array(replacement.command.dropFirst()))
            #expect(try replacement.leftovers == [])
            print("kills at 200 moments: \(tally)")
        }
    }
}
