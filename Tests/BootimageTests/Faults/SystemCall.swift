import Foundation
import SystemPackage
import TestSupport
import Testing

/// A system call of a build, as strace counts it: the so-and-so-manieth of that name.
struct SystemCall: Hashable, CustomStringConvertible, Sendable {
    let name: String
    let ordinal: Int

    var description: String { "\(name) number \(ordinal)" }

    /// Those calls of a build that concern files, from the opening of the kernel on.
    static func calls(of replacement: Replacement) async throws -> [SystemCall] {
        let log = replacement.folder.appending("log")
        try await Tool(name: "strace").succeed(["-f", "-o", log.string] + replacement.command)
        let lines = String(decoding: try read(log), as: UTF8.self).split(separator: "\n")
        try replacement.restore()
        let start = try #require(lines.firstIndex { $0.contains("\"\(replacement.kernel)\", O_R") })
        var counts: [String: Int] = [:]
        var calls: [SystemCall] = []
        for (index, line) in lines.enumerated() {
            let name = line.drop { $0.isNumber || $0 == " " }.prefix { $0 != "(" }
            counts[String(name), default: 0] += 1
            if index >= start, !line.contains("+++"), !otherCalls.contains(name) {
                calls.append(SystemCall(name: String(name), ordinal: counts[String(name)] ?? 0))
            }
        }
        return calls
    }

    /// Memory, signals and the end, which no disk makes fail.
    private static let otherCalls: Set<Substring> = [
        "mmap", "munmap", "brk", "mprotect", "rt_sigaction", "getpid", "exit_group", "futex",
        "madvise",
    ]

    /// Runs the build with something done to this call, in strace's words.
    func inject(_ fault: String, into replacement: Replacement) async throws -> Tool.Verdict {
        // The log goes to a file that is none: standard error is the build's.
        try await Tool(name: "strace").run(
            ["-f", "-o", "/dev/null", "-e", "trace=\(name)"]
                + ["-e", "inject=\(name):\(fault):when=\(ordinal)"] + replacement.command)
    }
}
