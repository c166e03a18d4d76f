import CProcess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program that this process waits for and ends with: what asks one to end ends both.
struct ChildProcess: ~Copyable {
    /// How it came to its end.
    enum Ending: Equatable {
        /// By itself, with that status.
        case exited(Int32)
        /// By a signal that came from elsewhere.
        case killed(signal: Int32)
        /// Because this process got that signal.
        case asked(signal: Int32)
        /// Because it had run for as long as it may.
        case timedOut
    }

    /// How long a child that was asked to end may take before it is killed.
    private static let grace = Duration.seconds(1)

    private let identifier: pid_t
    private let signals: BlockedSignals

    /// Runs a program until it ends, for `limit` at most, then leaves the terminal as it was.
    ///
    /// - Throws: ``Errno`` if the program cannot be started.
    static func run(
        _ program: FilePath, _ arguments: [String], limit: Duration? = nil
    ) throws(Errno) -> Ending {
        let terminal = TerminalSettings()
        defer { terminal?.restore() }
        return try ChildProcess(starting: program, arguments).wait(limit: limit)
    }

    /// Starts the program with those signals blocked here, so that none is lost before `wait`.
    private init(starting program: FilePath, _ arguments: [String]) throws(Errno) {
        let signals = BlockedSignals()
        var words = ([program.string] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var identifier: pid_t = 0
        let error = signals.withPrevious {
            start_child_process(program.string, &words, nil, 0, $0, &identifier)
        }
        guard error == 0 else { throw Errno(rawValue: error) }
        self.identifier = identifier
        self.signals = signals
    }

    private func wait(limit: Duration?) -> Ending {
        var deadline = limit.map { ContinuousClock.now + $0 }
        var reason: Ending?
        while true {
            switch nextSignal(before: deadline) {
            case SIGCHLD:
                if let ending { return reason ?? ending }
            case nil:
                // Asked in vain, if at all.
                kill(identifier, reason == nil ? SIGTERM : SIGKILL)
                deadline = .now + Self.grace
                reason = reason ?? .timedOut
            case let number?:
                kill(identifier, SIGTERM)
                deadline = .now + Self.grace
                reason = reason ?? .asked(signal: number)
            }
        }
    }

    /// Nil when the time is over.
    private func nextSignal(before deadline: ContinuousClock.Instant?) -> Int32? {
        var signals = signals.set
        while true {
            let number: Int32
            if let deadline {
                let rest = max(deadline - .now, .zero).components
                var time = timespec(
                    tv_sec: Int(rest.seconds), tv_nsec: Int(rest.attoseconds / 1_000_000_000))
                number = sigtimedwait(&signals, nil, &time)
            } else {
                number = sigwaitinfo(&signals, nil)
            }
            if number > 0 { return number }
            if errno == EAGAIN { return nil }
        }
    }

    /// How the child ended, if it has.
    private var ending: Ending? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }
}

/// How the terminal on standard input edits and echoes; nil where there is none.
struct TerminalSettings {
    private var attributes = termios()

    init?() {
        guard tcgetattr(STDIN_FILENO, &attributes) == 0 else { return nil }
    }

    /// A process in the background would be stopped for this, were the signal not ignored.
    func restore() {
        var attributes = attributes
        ignoring(SIGTTOU) { _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &attributes) }
    }
}
