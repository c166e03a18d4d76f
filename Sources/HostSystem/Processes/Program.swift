package import SystemPackage

import Libc

/// Why a program failed.
package enum ProgramError: Error, Equatable, Sendable {
    /// No program of that name is on PATH.
    case notFound(String)
    case notStarted(FilePath, Errno)
    /// It did not exit with 0; `output` is what it printed.
    case failed(FilePath, Exit, output: String)
    case timedOut(FilePath, limit: Duration)
    /// This process was interrupted by a signal.
    case interrupted(FilePath, by: Int32)
}

/// Another program on this machine, run for its output or for the file it makes.
package struct Program: Sendable {
    /// Output beyond this is dropped.
    private static let outputLimit = 64 << 10
    /// How often it is checked whether the program has ended.
    private static let tick = Duration.milliseconds(100)

    package let path: FilePath
    /// Its standard input; empty if nil.
    package var input: FileDescriptor?
    package var environment = Environment.Changes()
    /// After this time it is killed, with the processes that it has started.
    package var limit: Duration?

    package init(path: FilePath) { self.path = path }

    /// Finds a program on PATH.
    package init(_ name: String) throws(ProgramError) {
        guard let path = Environment.findProgram(name) else { throw .notFound(name) }
        self.init(path: path)
    }

    /// Runs the program until it ends.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments, after its name.
    ///   - output: Receives its standard output.
    /// - Returns: At most 64 KiB of its standard error and, without `output`, of its standard
    ///   output.
    /// - Throws: ``ProgramError`` unless it exits with 0.
    @discardableResult
    package func run(
        _ arguments: [String], output: FileDescriptor? = nil
    ) throws(ProgramError) -> String {
        var printed: [UInt8] = []
        let exit = try stream(arguments, output: output, errors: nil) { bytes in
            printed += bytes.prefix(Self.outputLimit - printed.count)
        }
        let text = String(decoding: printed, as: UTF8.self)
        guard exit == .status(0) else { throw .failed(path, exit, output: text) }
        return text
    }

    /// Runs the program and passes each line of its standard output to `body` as it arrives.
    ///
    /// Its standard error is dropped.
    package func forEachLine(
        _ arguments: [String], _ body: (Substring) -> Void
    ) throws(ProgramError) {
        var rest: [UInt8] = []
        let exit = try stream(arguments, output: nil, errors: .open(null: .writeOnly)) { bytes in
            rest += bytes
            guard let end = rest.lastIndex(of: 0x0A) else { return }
            for line in rest[..<end].split(separator: 0x0A) {
                body(Substring(decoding: line, as: UTF8.self))
            }
            rest.removeSubrange(...end)
        }
        if !rest.isEmpty { body(Substring(decoding: rest, as: UTF8.self)) }
        guard exit == .status(0) else { throw .failed(path, exit, output: "") }
    }

    /// Runs the program; `take` receives the streams for which `output` or `errors` is nil.
    private func stream(
        _ arguments: [String], output: FileDescriptor?, errors: FileDescriptor?,
        _ take: (UnsafeRawBufferPointer) -> Void
    ) throws(ProgramError) -> Exit {
        let signals = BlockedSignals()
        let reading: FileDescriptor
        let child: Child
        do throws(Errno) {
            (reading, child) = try start(arguments, output, errors, signals)
        } catch {
            throw .notStarted(path, error)
        }
        defer { try? reading.close() }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { block.deallocate() }
        func read() -> Bool {
            let count = (try? reading.read(into: block)) ?? 0
            take(UnsafeRawBufferPointer(rebasing: block[..<count]))
            return count > 0
        }
        let deadline = limit.map { ContinuousClock.now + $0 }
        var isOpen = true
        while true {
            if let limit, let deadline, deadline <= .now {
                end(child)
                throw .timedOut(path, limit: limit)
            }
            // SIGCHLD ends the wait at once, unless another thread of this process has taken it.
            let moment = ContinuousClock.now + Self.tick
            let isReadable = poll(
                [signals.descriptor, isOpen ? reading.rawValue : -1],
                until: min(deadline ?? moment, moment))[1]
            if isReadable { isOpen = read() }
            if let number = signals.nextInterrupt() {
                end(child)
                throw .interrupted(path, by: number)
            }
            guard let exit = child.exitIfEnded() else { continue }
            // Its own children may hold the pipe open: take only what is there.
            _ = fcntl(reading.rawValue, F_SETFL, O_NONBLOCK)
            while isOpen, read() {}
            return exit
        }
    }

    private func start(
        _ arguments: [String], _ output: FileDescriptor?, _ errors: FileDescriptor?,
        _ signals: borrowing BlockedSignals
    ) throws(Errno) -> (FileDescriptor, Child) {
        let (reading, writing) = try FileDescriptor.privatePipe()
        let null = input == nil ? FileDescriptor.open(null: .readOnly) : nil
        defer { [writing, null, errors].forEach { try? $0?.close() } }
        do throws(Errno) {
            guard let input = input ?? null else { throw .noSuchFileOrDirectory }
            let child = try Child.spawn(
                path, arguments, streams: [input, output ?? writing, errors ?? writing],
                lifetime: .ownGroup, environment: environment, signals: signals)
            return (reading, child)
        } catch {
            try? reading.close()
            throw error
        }
    }

    private func end(_ child: Child) {
        child.send(SIGKILL)
        child.wait()
    }
}

extension FilePath {
    /// The path as an argument that no program takes for an option or for a URL such as `nbd:…`.
    package var argument: String {
        isAbsolute || !text.hasPrefix("-") && !text.contains(":") ? text : "./\(text)"
    }
}

extension FileDescriptor {
    /// Opens /dev/null; returns nil only on a machine without it.
    package static func open(null mode: AccessMode) -> FileDescriptor? {
        try? open("/dev/null", mode, options: .closeOnExec)
    }

    /// Returns a pipe; a child inherits its ends only as one of its streams.
    package static func privatePipe() throws(Errno) -> (
        reading: FileDescriptor, writing: FileDescriptor
    ) {
        var ends: [Int32] = [0, 0]
        guard openPipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        return closedByExec(ends)
    }

    /// Returns a pair of connected sockets; a child inherits them only as one of its streams.
    package static func privateSocketPair() throws(Errno) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        return closedByExec(ends)
    }

    private static func closedByExec(_ ends: [Int32]) -> (FileDescriptor, FileDescriptor) {
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }
}

/// Calls pipe(2), whose name a method of `FileDescriptor` hides.
private func openPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
