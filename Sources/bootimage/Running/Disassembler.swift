import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// llvm-objdump as a program on this machine: what it prints, line by line.
enum Disassembler {
    /// Why there is no disassembly.
    enum Problem: Error, CustomStringConvertible {
        case missing
        case notStarted(Errno)
        case unreadable(Errno)
        case ended(status: Int32)

        var description: String {
            switch self {
            case .missing: "\(name) is not on PATH"
            case .notStarted(let errno): "\(name) cannot be started: \(errno)"
            case .unreadable(let errno): "\(name) cannot be read from: \(errno)"
            case .ended(let status):
                status & 0x7f == 0
                    ? "\(name) ended with status \(status >> 8)"
                    : "\(name) was ended by signal \(status & 0x7f)"
            }
        }
    }

    private static let name = "llvm-objdump"

    /// Disassembles the executable sections of a file, from its descriptor: so no name can be taken
    /// for an option.
    ///
    /// Lines are handed out as they come: memory does not grow with the kernel.
    static func forEachLine(
        of file: FileDescriptor, _ body: (Substring) -> Void
    ) throws(Problem) {
        guard let executable = Executable.find(name) else { throw .missing }
        let (reading, process) = try start(executable, input: file)
        let outcome = Result { () throws(Problem) in try read(reading, body) }
        // Without a reader it ends, whatever it had still to say.
        try? reading.close()
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        try outcome.get()
        guard status == 0 else { throw .ended(status: status) }
    }

    private static func start(
        _ executable: FilePath, input: FileDescriptor
    ) throws(Problem) -> (FileDescriptor, pid_t) {
        let (reading, writing) = try pipe()
        defer { try? writing.close() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.rawValue, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, writing.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let words = [name, "-d", "--no-show-raw-insn", "-"]
        var pointers = words.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let problem = posix_spawn(
            &process, executable.string, &actions, nil, &pointers, environ)
        guard problem == 0 else {
            try? reading.close()
            throw .notStarted(Errno(rawValue: problem))
        }
        return (reading, process)
    }

    /// A pipe whose ends the new process does not get but as its standard output.
    private static func pipe() throws(Problem) -> (FileDescriptor, FileDescriptor) {
        do {
            let (reading, writing) = try FileDescriptor.pipe()
            for end in [reading, writing] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
            return (reading, writing)
        } catch {
            throw .notStarted(error as? Errno ?? .ioError)
        }
    }

    private static func read(
        _ descriptor: FileDescriptor, _ body: (Substring) -> Void
    ) throws(Problem) {
        var rest: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count: Int
            do {
                count = try block.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            } catch {
                throw .unreadable(error as? Errno ?? .ioError)
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
