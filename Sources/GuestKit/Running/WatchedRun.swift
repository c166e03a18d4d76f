package import HostSystem
package import SystemPackage

/// A run with the serial line on the terminal and with tasks beside it.
package struct WatchedRun {
    /// A picture of the screen, as PNG.
    package typealias Picture = (path: FilePath, moment: Moment)

    /// A debugger that the loader waits for before it starts the kernel; QEMU listens on TCP.
    package typealias Debugger = (kernel: FilePath, port: UInt16)

    package enum Moment {
        /// After this time since the machine's start.
        case after(Duration)
        /// When a line on the serial line contains this text.
        case line(String)
    }

    package enum Event {
        /// The loader waits for a debugger; the scripts let one continue.
        case debuggerAwaited(gdb: FilePath, lldb: FilePath)
        case stderrLine(String)
        /// Writing the serial line to standard output failed.
        case recordFailed(Errno)
    }

    /// Why the run, or a task beside it, failed.
    package enum Problem: Error, Equatable {
        case guest(GuestError)
        case file(FileError)
        case pictureFailed(FilePath, reason: String)
        /// The guest ended before the picture was taken.
        case pictureMissed(FilePath)
    }

    private static let tick = Duration.milliseconds(50)

    private let command: GuestCommand
    private let picture: Picture?
    private let debugger: Debugger?
    private let limit: Duration?
    private let report: (Event) -> Void
    private var interrupt: Int32?
    private var isPictureRequested = false
    private var isDebuggerReported = false

    package init(
        _ command: GuestCommand, picture: Picture?, debugger: Debugger?, limit: Duration?,
        report: @escaping (Event) -> Void
    ) {
        (self.command, self.picture, self.debugger) = (command, picture, debugger)
        (self.limit, self.report) = (limit, report)
    }

    /// Runs QEMU until the guest ends, for at most the limit.
    ///
    /// Returns its exit status, or 128 plus the signal that ended QEMU or this process.
    package mutating func run() throws(Problem) -> Int32 {
        guard let picture else { return try status(of: watchGuest(pictureDraft: nil)) }
        // QEMU writes the picture piece by piece; it gets its name when it is complete.
        var draft: AtomicFile
        do throws(FileError) { draft = try AtomicFile(replacing: OutputPath(picture.path)) } catch {
            throw .file(error)
        }
        let evidence = try watchGuest(pictureDraft: draft.path)
        if interrupt == nil {
            switch evidence.picture {
            case .success?:
                do throws(FileError) { try draft.replaceOutput() } catch { throw .file(error) }
            case .failure(let problem)?: throw .pictureFailed(picture.path, reason: problem.desc)
            case nil: throw .pictureMissed(picture.path)
            }
        }
        return try status(of: evidence)
    }

    private mutating func watchGuest(pictureDraft: FilePath?) throws(Problem) -> Evidence {
        let terminal = TerminalSettings()
        defer { terminal?.restore() }
        let watch = GuestWatch()
        let guest = try start(watch.signals)
        if case .line(let text)? = picture?.moment { guest.evidence.watchedText = text }
        while !guest.isOver {
            watch.wait(for: [guest], atMost: Self.tick)
            if let number = watch.signals.nextInterrupt() {
                interrupt = interrupt ?? number
                guest.end()
            }
            guest.attend()
            if let pictureDraft { takePicture(of: guest, to: pictureDraft) }
            try helpDebugger(of: guest)
        }
        let evidence = guest.evidence
        evidence.stderrLines.forEach { report(.stderrLine($0)) }
        if let problem = evidence.recordProblem { report(.recordFailed(problem)) }
        return evidence
    }

    private func start(_ signals: borrowing BlockedSignals) throws(Problem) -> ObservedGuest {
        do {
            return try ObservedGuest(
                command, signals: signals, limit: limit,
                input: FileDescriptor.standardInput.duplicate(),
                record: FileDescriptor.standardOutput.duplicate())
        } catch {
            throw .guest(.notStarted(command.program, error as? Errno ?? .ioError))
        }
    }

    private mutating func takePicture(of guest: ObservedGuest, to draft: FilePath) {
        guard let picture, !isPictureRequested, guest.evidence.hasStarted else { return }
        let isDue =
            switch picture.moment {
            case .after(let duration): guest.age >= duration
            case .line: guest.evidence.hasSeenWatchedText
            }
        guard isDue else { return }
        isPictureRequested = true
        guest.send(ControlRequest.picture(to: draft))
    }

    /// Stops the machine and writes the debuggers' scripts once the loader waits for a debugger.
    private mutating func helpDebugger(of guest: ObservedGuest) throws(Problem) {
        guard let debugger, !isDebuggerReported, let wait = guest.evidence.loaderWait else {
            return
        }
        isDebuggerReported = true
        guest.send(ControlRequest.stop)
        let scripts = DebuggerScripts(kernel: debugger.kernel, wait: wait, port: debugger.port)
        do throws(FileError) {
            let paths = try scripts.write(beside: command.image)
            report(.debuggerAwaited(gdb: paths.gdb, lldb: paths.lldb))
        } catch {
            throw .file(error)
        }
    }

    private func status(of evidence: Evidence) throws(Problem) -> Int32 {
        if let interrupt { return 128 + interrupt }
        guard let exit = evidence.ending else { throw .guest(.timedOut(image: command.image)) }
        return exit.shellStatus
    }
}
