import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A run with the terminal on the serial line, during which something else is done.
struct WatchedRun {
    /// How often it is seen whether a moment has come.
    private static let tick = Duration.milliseconds(50)

    private let command: GuestCommand
    private let tasks: RunTasks
    private let limit: Duration?
    private var isPictureAsked = false
    private var isDebuggerTold = false

    init(_ command: GuestCommand, _ tasks: RunTasks, limit: Duration?) {
        (self.command, self.tasks, self.limit) = (command, tasks, limit)
    }

    /// Runs QEMU until the guest ends it, for the limit at most.
    ///
    /// Returns its exit status, or 128 and the signal that ended QEMU or this process.
    mutating func run() throws(Failure) -> Int32 {
        let terminal = TerminalSettings()
        defer { terminal?.restore() }
        let watch = GuestWatch()
        let guest = try start(watch.signals)
        if case .line(let text)? = tasks.picture?.moment { guest.watch(for: text) }
        var asked: Int32?
        while !guest.isOver {
            watch.wait(for: [guest], atMost: Self.tick)
            if let number = watch.request() {
                asked = asked ?? number
                guest.end(.stopped)
            }
            guest.attend()
            try attend(to: guest)
        }
        guest.evidence.complaints.forEach(Console.note)
        if let asked { return 128 + asked }
        try keepPicture(guest.evidence)
        return try status(of: guest.evidence.ending)
    }

    private func start(_ signals: borrowing BlockedSignals) throws(Failure) -> ObservedGuest {
        do {
            return try ObservedGuest(
                command, signals: signals, limit: limit,
                input: FileDescriptor.standardInput.duplicate(),
                record: FileDescriptor.standardOutput.duplicate())
        } catch {
            throw Failure(.missingTool, "\(command.program): cannot be started: \(error)")
        }
    }

    /// Does each task when its moment has come.
    private mutating func attend(to guest: ObservedGuest) throws(Failure) {
        let evidence = guest.evidence
        if let picture = tasks.picture, !isPictureAsked, evidence.hasStarted,
            picture.moment.hasCome(evidence, age: guest.age)
        {
            isPictureAsked = true
            guest.tell(ControlRequest.picture(to: Self.draft(of: picture.path)))
        }
        if let debugger = tasks.debugger, !isDebuggerTold, let wait = evidence.loaderWait {
            isDebuggerTold = true
            guest.tell(ControlRequest.stop)
            let scripts = DebuggerScripts(
                kernel: debugger.kernel, wait: wait, port: debugger.port)
            let paths = try scripts.write(beside: command.image)
            Console.note(
                "the kernel waits for a debugger: \(debugger.program) -x \(paths.gdb), "
                    + "or lldb -s \(paths.lldb)")
        }
    }

    private func status(of ending: GuestEnding) throws(Failure) -> Int32 {
        switch ending {
        case .exited(let status): return status
        case .killed(let signal): return 128 + signal
        case .timedOut, .stopped:
            throw Failure(.timedOut, "\(command.image): the guest did not end in time")
        }
    }

    /// QEMU writes piece by piece: the picture gets its name when it is whole.
    private func keepPicture(_ evidence: Evidence) throws(Failure) {
        guard let path = tasks.picture?.path else { return }
        switch evidence.picture {
        case .success?:
            guard rename(Self.draft(of: path).string, path.string) == 0 else {
                throw Failure(
                    .cannotCreateOutput, "\(path): cannot be written: \(Errno(rawValue: errno))")
            }
        case .failure(let problem)?:
            throw Failure(.cannotCreateOutput, "\(path): cannot be written: \(problem.desc)")
        case nil:
            throw Failure(.inputOutput, "\(path): no picture was taken: the guest ended before")
        }
    }

    private static func draft(of path: FilePath) -> FilePath { FilePath(path.string + ".part") }
}

extension RunTasks.Picture.Moment {
    fileprivate func hasCome(_ evidence: Evidence, age: Duration) -> Bool {
        switch self {
        case .after(let duration): age >= duration
        case .line: evidence.hasSeenWatchedText
        }
    }
}
