import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program that is asked for a few lines, such as its version, and may not take forever, or that
/// makes a file, and tells why if it does not.
struct ProgramQuery {
    /// Why there is no answer.
    enum Problem: Error, Equatable {
        case notStarted(Errno)
        /// With a status as `waitpid` tells it, and what it said.
        case ended(status: Int32, output: String)
        case timedOut
        /// This process got that signal.
        case asked(signal: Int32)
    }

    /// More than that is thrown away.
    private static let outputLimit = 64 << 10

    let program: FilePath
    let arguments: [String]
    /// How long it may take; nil for as long as it likes.
    let limit: Duration?
    /// Its standard input; empty if there is none.
    var input: FileDescriptor?
    /// Its standard output; part of the answer if there is none.
    var output: FileDescriptor?
    /// Environment variables that it does not get.
    var withheldVariables: [String] = []
    /// Environment variables that it gets, unless this process has them: `NAME=value`.
    var variables: [String] = []

    init(program: FilePath, arguments: [String], limit: Duration?) {
        (self.program, self.arguments, self.limit) = (program, arguments, limit)
    }

    /// What it prints, on standard output and standard error, until it ends.
    ///
    /// One that takes too long is killed, with what it has started.
    func answer() throws(Problem) -> String {
        let signals = BlockedSignals()
        let (reading, process) = try start(signals)
        defer { try? reading.close() }
        var output: [UInt8] = []
        let status = try wait(for: process, saying: reading, signals, &output)
        let text = String(decoding: output, as: UTF8.self)
        guard status == 0 else { throw .ended(status: status, output: text) }
        return text
    }

    private func wait(
        for process: pid_t, saying reading: FileDescriptor, _ signals: borrowing BlockedSignals,
        _ output: inout [UInt8]
    ) throws(Problem) -> Int32 {
        let deadline = limit.map { ContinuousClock.now + $0 }
        var isOpen = true
        while true {
            let rest = deadline.map { $0 - .now }
            if let rest, rest <= .zero {
                end(process)
                throw .timedOut
            }
            var events = [signals.descriptor, isOpen ? reading.rawValue : -1].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            let milliseconds = rest.map { Int32(clamping: $0.wholeMilliseconds + 1) }
            _ = poll(&events, 2, milliseconds ?? -1)
            if events[1].revents != 0 { isOpen = read(reading, &output) }
            switch signals.next() {
            case nil: continue
            case SIGCHLD:
                var status: Int32 = 0
                guard waitpid(process, &status, WNOHANG) == process else { continue }
                drain(reading, &output)
                return status
            case let number?:
                end(process)
                throw .asked(signal: number)
            }
        }
    }

    /// False at the end.
    private func read(_ reading: FileDescriptor, _ output: inout [UInt8]) -> Bool {
        var block = [UInt8](repeating: 0, count: 4096)
        let count = (try? block.withUnsafeMutableBytes { try reading.read(into: $0) }) ?? 0
        output += block[..<min(count, Self.outputLimit - output.count)]
        return count > 0
    }

    /// Takes what is still in the pipe; something that it has started may hold the other end.
    private func drain(_ reading: FileDescriptor, _ output: inout [UInt8]) {
        _ = fcntl(reading.rawValue, F_SETFL, O_NONBLOCK)
        while output.count < Self.outputLimit, read(reading, &output) {}
    }

    private func end(_ process: pid_t) {
        kill(-process, SIGKILL)
        while waitpid(process, nil, 0) == -1, errno == EINTR {}
    }

    /// Starts it in a process group of its own.
    private func start(
        _ signals: borrowing BlockedSignals
    ) throws(Problem) -> (FileDescriptor, pid_t) {
        let reading: FileDescriptor
        let writing: FileDescriptor
        do throws(Errno) { (reading, writing) = try FileDescriptor.privatePipe() } catch {
            throw .notStarted(error)
        }
        defer { try? writing.close() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input.rawValue, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, (output ?? writing).rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, writing.rawValue, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        signals.withPrevious { _ = posix_spawnattr_setsigmask(&attributes, $0) }
        let words = ([program.string] + arguments).map { strdup($0) }
        let variables = Environment.missing(variables).map { strdup($0) }
        defer { (words + variables).forEach { free($0) } }
        var process = pid_t()
        let problem = posix_spawn(
            &process, program.string, &actions, &attributes, words + [nil],
            Environment.pointers(without: withheldVariables) + variables + [nil])
        guard problem == 0 else {
            try? reading.close()
            throw .notStarted(Errno(rawValue: problem))
        }
        return (reading, process)
    }
}
