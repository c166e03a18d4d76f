package import SystemPackage

import CHostSystem
import Libc

/// How a process ended.
package enum Exit: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)

    /// Decodes a status as waitpid(2) stores it.
    package init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .status(waitStatus >> 8 & 0xFF) : .signal(signal)
    }

    /// The exit status as a shell reports it: 128 plus the number for a signal.
    package var shellStatus: Int32 {
        switch self {
        case .status(let status): status
        case .signal(let number): 128 + number
        }
    }
}

/// A child process.
///
/// Every program that this process starts is started here.
/// It is killed when the thread that started it ends, so it never outlives this process.
package struct Child: Sendable {
    /// Who ends the child.
    package enum Lifetime: Sendable {
        /// It shares this process's group: Ctrl-C on a terminal reaches both.
        case shared
        /// It leads a group of its own; signals go to the whole group.
        case ownGroup
    }

    private let identifier: pid_t
    private let lifetime: Lifetime

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: The path of its file.
    ///   - arguments: Its arguments, after its name.
    ///   - streams: Its descriptors 0, 1, 2 and so on; if empty, it inherits this process's.
    ///   - lifetime: Which processes signals reach.
    ///   - environment: How its environment differs from this process's.
    ///   - folder: Where it starts; nil for this process's folder.
    ///   - signals: Blocked in this thread so that none is lost; the program gets the mask that
    ///     was set before, with SIGTERM unblocked.
    /// - Returns: The running child.
    /// - Throws: The errno of the call that failed, exec included.
    package static func spawn(
        _ program: FilePath, _ arguments: [String], streams: [FileDescriptor] = [],
        lifetime: Lifetime = .shared, environment: Environment.Changes = .init(),
        folder: FilePath? = nil, signals: borrowing BlockedSignals
    ) throws(Errno) -> Child {
        let words =
            ([program.text] + arguments).map { argument in
                strdup(argument.pathBytes.map { CChar(bitPattern: $0) } + [0])
            } + [nil]
        let place = folder?.withPlatformString { strdup($0) }
        defer { (words + [place]).forEach { free($0) } }
        var identifier: pid_t = 0
        let error = Environment.withPointers(environment) { variables in
            signals.withMaskOfChild { mask in
                program.withPlatformString { path in
                    var child = child_process(
                        path: path, arguments: nil, environment: nil, descriptors: nil,
                        descriptor_count: Int32(streams.count), folder: place,
                        blocked_signals: mask, leads_group: lifetime == .ownGroup)
                    return words.withUnsafeBufferPointer { words in
                        variables.withUnsafeBufferPointer { variables in
                            streams.map(\.rawValue).withUnsafeBufferPointer { descriptors in
                                child.arguments = words.baseAddress
                                child.environment = variables.baseAddress
                                child.descriptors = descriptors.baseAddress
                                return start_child_process(&child, &identifier)
                            }
                        }
                    }
                }
            }
        }
        guard error == 0 else { throw Errno(rawValue: error) }
        return Child(identifier: identifier, lifetime: lifetime)
    }

    /// Sends a signal to the child, or to its whole group.
    package func send(_ signal: Int32) {
        _ = kill(lifetime == .ownGroup ? -identifier : identifier, signal)
    }

    /// Returns how the child ended, or nil while it runs; must not be called again afterwards.
    package func exitIfEnded() -> Exit? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        return Exit(waitStatus: status)
    }

    /// Waits until the child has ended.
    @discardableResult
    package func wait() -> Exit {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
        return Exit(waitStatus: status)
    }
}

extension Child {
    /// How a program in the foreground ended.
    package enum Outcome: Equatable, Sendable {
        case ended(Exit)
        /// This process was interrupted by a signal, and passed it on.
        case interrupted(by: Int32)
        /// It reached its time limit.
        case timedOut
    }

    /// How long a child may take to end after SIGTERM before it gets SIGKILL.
    private static let grace = Duration.seconds(1)

    /// Runs a program on this process's terminal until it ends, for at most `limit`.
    ///
    /// The terminal's settings are restored afterwards.
    ///
    /// - Throws: The errno if it cannot be started.
    package static func runInForeground(
        _ program: FilePath, _ arguments: [String], streams: [FileDescriptor] = [],
        folder: FilePath? = nil, limit: Duration? = nil
    ) throws(Errno) -> Outcome {
        let terminal = TerminalSettings()
        defer { terminal?.restore() }
        let signals = BlockedSignals()
        let child = try spawn(
            program, arguments, streams: streams, folder: folder, signals: signals)
        var deadline = limit.map { ContinuousClock.now + $0 }
        var reason: Outcome?
        while true {
            switch signals.wait(until: deadline) {
            case SIGCHLD:
                if let exit = child.exitIfEnded() { return reason ?? .ended(exit) }
            case nil:
                child.send(reason == nil ? SIGTERM : SIGKILL)
                deadline = .now + grace
                reason = reason ?? .timedOut
            case let number?:
                child.send(SIGTERM)
                deadline = .now + grace
                reason = reason ?? .interrupted(by: number)
            }
        }
    }
}

/// How the terminal on standard input edits and echoes.
package struct TerminalSettings {
    private var attributes = termios()

    /// Returns nil if standard input is not a terminal.
    package init?() {
        guard tcgetattr(STDIN_FILENO, &attributes) == 0 else { return nil }
    }

    /// Restores the settings; SIGTTOU would stop a process in the background for it.
    package func restore() {
        var attributes = attributes
        ignoring(SIGTTOU) { _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &attributes) }
    }
}
