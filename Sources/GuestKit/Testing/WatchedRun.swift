package import HostSystem
package import SystemPackage

import ELFKit
import Libc

/// A run with the serial line on standard output, and with tasks beside it.
package struct WatchedRun {
    /// A picture of the screen, as PNG.
    package typealias Picture = (file: ReportFile, moment: Moment)

    /// A debugger for which the kernel waits; QEMU listens on TCP.
    ///
    /// `kernel` is the file with the symbols.
    package typealias Debugger = (kernel: FilePath?, port: UInt16, start: Start)

    /// Who starts the kernel.
    package enum Start: Equatable, Sendable {
        /// The loader, which waits for the debugger.
        case loader
        /// QEMU, which the debugger starts; `isFirst` if no other code runs before the entry point.
        case qemu(entry: UInt64, isFirst: Bool)
    }

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
        /// The guest waits for interrupts that it has disabled.
        case halted
        /// The guest ended before a line had the text; the picture shows its last screen.
        case pictureUnprompted(FilePath, text: String)
        /// Writing the serial line to standard output failed.
        case recordFailed(Errno)
    }

    /// Why the run, or a task beside it, failed.
    package enum Problem: Error, Equatable {
        case guest(GuestError)
        case file(FileError)
        case pictureFailed(FilePath, reason: String)
        /// The guest ended before any picture was taken.
        case pictureMissed(FilePath)
    }

    /// How a run ended: the exit status, and what explains it, if it needs an explanation.
    package typealias Ending = (status: Int32, explanation: TestResult?)

    private static let tick = Duration.milliseconds(50)
    private static let pictureSizeLimit = 256 << 20
    /// The greatest age of a picture that is taken before its moment.
    private static let picturePeriod = Duration.milliseconds(200)
    /// How long a loader that has given up may take to end QEMU itself, as `on_failure` says.
    private static let endingTime = Duration.seconds(5)
    private static let haltCheckPeriod = Duration.seconds(1)
    /// The exit status if the guest was ended because its verdict was clear.
    private static let failureStatus: Int32 = 1

    private var command: GuestCommand
    private let boot: TestPlan.Boot
    private let picture: Picture?
    private let debugger: Debugger?
    private let limit: Duration?
    private let isFiltered: Bool
    private let report: (Event) -> Void
    private var interrupt: Int32?
    private var isPictureDue = false
    /// How many pictures were requested.
    private var pictureCount = 0
    private var nextPicture = ContinuousClock.now
    private var pausesAtEnd = false
    private var isQuitRequested = false
    private var isDebuggerReported = false
    private var isHaltReported = false
    private var endingDeadline: ContinuousClock.Instant?
    private var nextHaltCheck = ContinuousClock.now + haltCheckPeriod

    /// `isFiltered` keeps all control sequences except colours from standard output.
    package init(
        _ command: GuestCommand, _ boot: TestPlan.Boot, picture: Picture? = nil,
        debugger: Debugger? = nil, limit: Duration?, isFiltered: Bool,
        report: @escaping (Event) -> Void
    ) {
        (self.command, self.boot, self.picture) = (command, boot, picture)
        (self.debugger, self.limit, self.isFiltered) = (debugger, limit, isFiltered)
        self.report = report
    }

    /// Runs QEMU until the guest ends, for at most the limit, or until its verdict is clear.
    ///
    /// The exit status is QEMU's, or 128 plus the signal that ended QEMU or this process.
    package mutating func run() throws(Problem) -> Ending {
        guard let picture else {
            let evidence = try watchGuest(pictureFolder: nil)
            return try ending(of: evidence)
        }
        do {
            // QEMU writes the picture piece by piece; it gets its name when it is complete.
            let folder = try TemporaryFolder()
            pauseAtEnd()
            let evidence = try watchGuest(pictureFolder: folder.path)
            if interrupt == nil {
                switch evidence.picture {
                case .success?:
                    let draft = Self.draft(evidence.pictureCount, in: folder.path)
                    try picture.file.write(draft.readAll(atMost: Self.pictureSizeLimit))
                    if case .line(let text) = picture.moment, !evidence.hasSeenWatchedText {
                        report(.pictureUnprompted(picture.file.path, text: text))
                    }
                case .failure(let problem)?:
                    throw Problem.pictureFailed(picture.file.path, reason: problem.desc)
                case nil: throw Problem.pictureMissed(picture.file.path)
                }
            }
            return try ending(of: evidence)
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw error as? Problem ?? .pictureMissed(picture.file.path)
        }
    }

    /// Lets the picture show how the guest ended; QEMU then ends by ``ControlRequest/quit``.
    private mutating func pauseAtEnd() {
        let isChosen = command.arguments.contains { word in
            ["-action", "-no-shutdown"].contains { word.hasSuffix($0) }
        }
        pausesAtEnd = command.isObserved && !isChosen
        if pausesAtEnd { command.arguments += ["-action", "shutdown=pause"] }
    }

    private mutating func watchGuest(pictureFolder: FilePath?) throws(Problem) -> Evidence {
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
            if isDecided(guest.evidence) {
                let deadline = endingDeadline ?? .now + Self.endingTime
                endingDeadline = deadline
                if deadline <= .now { guest.end() }
            }
            guest.attend()
            if let pictureFolder { takePicture(of: guest, in: pictureFolder) }
            try helpDebugger(of: guest)
            reportHalt(of: guest)
        }
        if guest.filter?.isStyled == true {
            _ = try? FileDescriptor.standardOutput.writeAll(TerminalFilter.reset)
        }
        if let problem = guest.evidence.recordProblem { report(.recordFailed(problem)) }
        return guest.evidence
    }

    private var isStartedByDebugger: Bool {
        if case .qemu? = debugger?.start { true } else { false }
    }

    private func start(_ signals: borrowing BlockedSignals) throws(Problem) -> ObservedGuest {
        do {
            let guest = try ObservedGuest(
                command, signals: signals, limit: limit, input: .standardInputForChild(),
                record: FileDescriptor.standardOutput.duplicate(),
                isStartedByDebugger: isStartedByDebugger)
            if isFiltered { guest.filter = TerminalFilter() }
            guest.takeStderrLine = { [report] in report(.stderrLine($0)) }
            return guest
        } catch {
            throw .guest(.notStarted(command.program, error as? Errno ?? .ioError))
        }
    }

    /// Whether waiting longer would only repeat what has happened; a debugger wants to look at it,
    /// and a picture comes first.
    private func isDecided(_ evidence: Evidence) -> Bool {
        guard debugger == nil, picture == nil || isPictureTaken(evidence) else { return false }
        let endsByItself = command.arguments.contains { $0.hasSuffix("-no-reboot") }
        return evidence.refusal != nil || evidence.isResetLoop
            || evidence.faults.hasTripleFault && !endsByItself
    }

    private mutating func reportHalt(of guest: ObservedGuest) {
        guard !isHaltReported, debugger == nil, boot.architecture == .x86_64,
            guest.evidence.hasStarted
        else { return }
        if guest.evidence.isHalted {
            isHaltReported = true
            report(.halted)
        } else if nextHaltCheck <= .now {
            nextHaltCheck = .now + Self.haltCheckPeriod
            guest.send(ControlRequest.halt)
        }
    }

    private func isPictureTaken(_ evidence: Evidence) -> Bool {
        isPictureDue && evidence.pictureCount == pictureCount
    }

    /// Takes the picture at its moment, or when the guest has ended; before, one from time to time,
    /// because a guest may end QEMU at once.
    private mutating func takePicture(of guest: ObservedGuest, in folder: FilePath) {
        let evidence = guest.evidence
        guard let picture, evidence.hasStarted, evidence.pictureCount == pictureCount else {
            return
        }
        let isPaused = pausesAtEnd && (evidence.isShutDown || evidence.hasPanicked)
        if !isPictureDue {
            let isMoment =
                switch picture.moment {
                case .after(let duration): guest.age >= duration
                case .line: evidence.hasSeenWatchedText
                }
            isPictureDue = isPaused || isMoment
            guard isPictureDue || nextPicture <= .now else { return }
            nextPicture = .now + Self.picturePeriod
            pictureCount += 1
            let draft = Self.draft(pictureCount, in: folder)
            guest.send(
                command.isBoard
                    ? ControlRequest.pictureOfBoard(to: draft) : ControlRequest.picture(to: draft))
        } else if isPaused, !isQuitRequested {
            isQuitRequested = true
            guest.send(ControlRequest.quit)
        }
    }

    /// The file of a picture: QEMU may end while it writes one, and the one before is whole.
    private static func draft(_ number: Int, in folder: FilePath) -> FilePath {
        folder.appending("picture-\(number % 2).png")
    }

    /// Stops the machine and writes the debuggers' scripts once the loader waits for a debugger.
    private mutating func helpDebugger(of guest: ObservedGuest) throws(Problem) {
        guard let debugger, !isDebuggerReported else { return }
        let wait: LoaderWait
        var isAtEntry = false
        switch debugger.start {
        case .loader:
            guard let found = guest.evidence.loaderWait else { return }
            wait = found
            guest.send(ControlRequest.stop)
        case .qemu(let entry, let isFirst):
            (wait, isAtEntry) = (LoaderWait(entry: entry, slide: 0, word: nil), isFirst)
        }
        isDebuggerReported = true
        let scripts = DebuggerScripts(
            kernel: debugger.kernel, wait: wait, port: debugger.port, isAtEntry: isAtEntry)
        do throws(FileError) {
            let paths = try scripts.write(beside: command.image)
            report(.debuggerAwaited(gdb: paths.gdb, lldb: paths.lldb))
        } catch {
            throw .file(error)
        }
    }

    private func ending(of evidence: Evidence) throws(Problem) -> Ending {
        if let interrupt { return (128 + interrupt, nil) }
        let explanation = Verdict(explaining: evidence, on: boot.architecture).map { verdict in
            TestResult(
                boot, verdict, evidence, expecting: .success, attempts: 1, duration: .zero)
        }
        if let exit = evidence.ending { return (exit.shellStatus, explanation) }
        guard let explanation else { throw .guest(.timedOut(image: command.image)) }
        return (Self.failureStatus, explanation)
    }
}

extension FileDescriptor {
    /// Standard input for a child, which may make it non-blocking: on a terminal that must not
    /// change standard output.
    fileprivate static func standardInputForChild() -> FileDescriptor? {
        let own =
            isatty(STDIN_FILENO) == 1
            ? try? FileDescriptor.open("/proc/self/fd/0", .readOnly, options: [.closeOnExec]) : nil
        return own ?? (try? FileDescriptor.standardInput.duplicate())
    }
}
