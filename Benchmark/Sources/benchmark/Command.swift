import Foundation
import Glibc

/// A command, measured from start to exit.
struct Command {
    /// The name in the report.
    let label: String
    /// The program, found on `PATH` unless it has a slash, and its arguments.
    let arguments: [String]
    /// Environment variables in addition to the current ones.
    var environment: [String: String] = [:]
    /// The files that it writes; they are removed before each run.
    var outputs: [String] = []
    /// The expected exit status.
    var status: Int32 = 0

    /// The measurements of one run.
    struct Usage {
        /// Wall time in ms.
        let wall: Double
        /// User and system time in ms, including child processes.
        let cpu: Double
        /// Its output on stdout and stderr.
        let output: String
    }

    /// Runs the command.
    ///
    /// - Throws: ``BenchmarkError`` if it cannot be started or exits with another status.
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

    /// Measures the peak of resident memory, in MiB.
    ///
    /// GNU time starts it, because time itself is small: a process inherits the peak of the process
    /// that starts it.
    func peak() throws -> Double {
        removeOutputs()
        let measured = Command(
            label: label, arguments: ["/usr/bin/time", "--format", "peak %M"] + arguments,
            environment: environment)
        guard let kibibytes = try measured.run().number(after: "peak ") else {
            throw BenchmarkError("time: prints no peak")
        }
        return kibibytes / 1024
    }

    /// Removes the outputs of an earlier run.
    func removeOutputs() {
        for output in outputs { try? FileManager.default.removeItem(atPath: output) }
    }
}

extension Command.Usage {
    /// The number after the last occurrence of `text` in the output; commas are ignored.
    func number(after words: String) -> Double? {
        guard let range = output.range(of: words, options: .backwards) else { return nil }
        let digits = output[range.upperBound...].drop { $0 == " " }
            .prefix { $0.isNumber || $0 == "," }
        return Double(digits.filter { $0 != "," })
    }
}

/// An error that ends the benchmark.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private func describe(_ error: Int32) -> String { String(cString: strerror(error)) }

extension timeval {
    fileprivate var ms: Double { Double(tv_sec) * 1000 + Double(tv_usec) / 1000 }
}
