import Foundation

/// Counts that are the same in each run.
enum Counters {
    /// Counts the system calls of a command, including its start, and the processes that it starts.
    static func systemCalls(_ command: Command) throws -> (count: Double, processes: Double) {
        command.removeOutputs()
        let trace = "trace.log"
        try traced(command, ["-f", "-o", trace])
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        let calls = lines.filter { $0.contains("(") && !$0.contains("<... ") }
        let starts = calls.filter { $0.contains("clone") || $0.contains("fork(") }
        return (Double(calls.count), Double(starts.count))
    }

    private static func traced(_ command: Command, _ options: [String]) throws {
        _ = try Command(
            label: command.label, arguments: ["strace"] + options + command.arguments,
            environment: command.environment, status: command.status
        ).run()
    }

    /// Counts the instructions in user mode, in millions.
    static func instructions(_ command: Command) throws -> Double {
        command.removeOutputs()
        // Valgrind cannot read what LLVM writes about the code, here or in a file beside it.
        try run(
            "llvm-objcopy", "--strip-all", "--remove-section=.gnu_debuglink", command.arguments[0],
            "plain")
        let usage = try Command(
            label: command.label,
            arguments: [
                "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "./plain",
            ]
                + command.arguments.dropFirst(), status: command.status
        ).run()
        guard let count = usage.number(after: "Collected :") else {
            throw BenchmarkError("callgrind: prints no number of instructions:\n\(usage.output)")
        }
        return count / 1e6
    }
}
