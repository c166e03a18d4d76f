import Foundation
import Glibc

/// A program with its arguments, measured as a whole from its start to its end.
struct Command {
    /// What the report calls it.
    let label: String
    /// The program, found on `PATH` unless it has a slash, and its arguments.
    let arguments: [String]
    /// What is set in its environment besides this program's own.
    var environment: [String: String] = [:]
    /// The files that it makes; they are removed before each run.
    var outputs: [String] = []
    /// The exit status that it must end with.
    var status: Int32 = 0

    /// What one run took.
    struct Usage {
        /// From before its start until it was waited for, in ms.
        let wall: Double
        /// In user and kernel mode, with the processes that it waited for, in ms.
        let cpu: Double
        /// What it printed, errors included.
        let output: String
    }

    /// Runs it.
    ///
    /// - Throws: ``BenchmarkError`` if it cannot be started or ends with another status.
    func run() throws -> Usage {
        let log = "command.log"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        let words = arguments.map { strdup($0) } + [nil]
        let variables =
            ProcessInfo.processInfo.environment
            .merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        var status: Int32 = 0
        var usage = rusage()

        let start = ContinuousClock.now
        let error = posix_spawnp(&process, arguments[0], &actions, nil, words, variables)
        guard error == 0 else {
            throw BenchmarkError("\(arguments[0]): cannot be started: \(describe(error))")
        }
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchmarkError("wait4: \(describe(errno))") }
        }
        let wall = ContinuousClock.now - start

        let output = try String(contentsOfFile: log, encoding: .utf8)
        guard status & 0x7F == 0, (status >> 8) & 0xFF == self.status else {
            throw BenchmarkError(
                "\(arguments.joined(separator: " ")): ended with status \(status >> 8), signal "
                    + "\(status & 0x7F):\n\(output)")
        }
        return Usage(
            wall: wall / .milliseconds(1), cpu: usage.ru_utime.ms + usage.ru_stime.ms,
            output: output)
    }

    /// The peak of its resident memory, in MiB.
    ///
    /// GNU time starts it, which is small itself: a process that is started counts the memory of
    /// the one that has started it.
    func peak() throws -> Double {
        removeOutputs()
        let measured = Command(
            label: label, arguments: ["/usr/bin/time", "--format", "peak %M"] + arguments,
            environment: environment)
        guard let kibibytes = try measured.run().number(after: "peak ") else {
            throw BenchmarkError("time: says no peak")
        }
        return kibibytes / 1024
    }

    /// Removes what an earlier run has made.
    func removeOutputs() {
        for output in outputs { try? FileManager.default.removeItem(atPath: output) }
    }
}

extension Command.Usage {
    /// The number that stands behind the last of these words in the output; commas do not count.
    func number(after words: String) -> Double? {
        guard let range = output.range(of: words, options: .backwards) else { return nil }
        let digits = output[range.upperBound...].drop { $0 == " " }
            .prefix { $0.isNumber || $0 == "," }
        return Double(digits.filter { $0 != "," })
    }
}

/// What ends the benchmark.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private func describe(_ error: Int32) -> String { String(cString: strerror(error)) }

extension timeval {
    fileprivate var ms: Double { Double(tv_sec) * 1000 + Double(tv_usec) / 1000 }
}
