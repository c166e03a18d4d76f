import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Another program on this machine, run for what it prints.
struct ProgramOutput {
    /// Why there is no output, or not all of it.
    enum Problem: Error, CustomStringConvertible {
        case missing(String)
        case notStarted(String, Errno)
        case unreadable(String, Errno)
        case ended(String, status: Int32)

        var description: String {
            switch self {
            case .missing(let name): "\(name) is not on PATH"
            case .notStarted(let name, let errno): "\(name) cannot be started: \(errno)"
            case .unreadable(let name, let errno): "\(name) cannot be read from: \(errno)"
            case .ended(let name, let status):
                status & 0x7f == 0
                    ? "\(name) ended with status \(status >> 8)"
                    : "\(name) was ended by signal \(status & 0x7f)"
            }
        }
    }

    let name: String
    let arguments: [String]
    /// Its standard input; empty if there is none.
    var input: FileDescriptor?
    /// Variables that it gets, unless this process has them: `NAME=value`.
    var environment: [String] = []
    /// Whether its standard error is taken for output; otherwise nobody reads it.
    var takesErrors = false

    /// Runs it, and hands out each line as it comes.
    func forEachLine(_ body: (Substring) -> Void) throws(Problem) {
        guard let executable = Executable.find(name) else { throw .missing(name) }
        let (reading, process) = try start(executable)
        let outcome = Result { () throws(Problem) in try read(reading, body) }
        // Without a reader it ends, whatever it had still to say.
        try? reading.close()
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        try outcome.get()
        guard status == 0 else { throw .ended(name, status: status) }
    }

    private func start(
        _ executable: FilePath
    ) throws(Problem) -> (FileDescriptor, pid_t) {
        let reading: FileDescriptor
        let writing: FileDescriptor
        do throws(Errno) { (reading, writing) = try FileDescriptor.privatePipe() } catch {
            throw .notStarted(name, error)
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
        posix_spawn_file_actions_adddup2(&actions, writing.rawValue, STDOUT_FILENO)
        if takesErrors {
            posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        let words = ([name] + arguments).map { strdup($0) }
        let additions = environment.map { strdup($0) }
        defer { (words + additions).forEach { free($0) } }
        var process = pid_t()
        // Of two values of a variable the first one counts.
        let problem = posix_spawn(
            &process, executable.string, &actions, nil, words + [nil],
            Environment.pointers + additions + [nil])
        guard problem == 0 else {
            try? reading.close()
            throw .notStarted(name, Errno(rawValue: problem))
        }
        return (reading, process)
    }

    private func read(
        _ descriptor: FileDescriptor, _ body: (Substring) -> Void
    ) throws(Problem) {
        var rest: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count: Int
            do {
                count = try block.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            } catch {
                throw .unreadable(name, error as? Errno ?? .ioError)
            }
            rest += block[..<count]
            guard let end = count == 0 ? rest.endIndex : rest.lastIndex(of: 0x0A) else { continue }
            for line in rest[..<end].split(separator: 0x0A) {
                body(Substring(decoding: line, as: UTF8.self))
            }
            if count == 0 { return }
            rest.removeSubrange(...end)
        }
    }
}
