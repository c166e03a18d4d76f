import HostSystem
import Libc
import SystemPackage

/// A guest that runs while everything it says is taken down.
final class ObservedGuest {
    /// What its QEMU has as descriptors 1, 2 and so on.
    enum Channel: Int, CaseIterable {
        case serial = 1, stderrLines, control, log, firmware
    }

    /// How long QEMU may take to end when asked to, and to tell the registers before that.
    private static let grace = Duration.seconds(1)
    private static let questionLimit = Duration.seconds(1)
    private static let forEver = Duration.seconds(1 << 30)

    private(set) var evidence = Evidence()
    /// The moment at which ``attend()`` must be called.
    private(set) var deadline: ContinuousClock.Instant
    private let child: Child
    private let start = ContinuousClock.now
    private var channels: [Channel: FileDescriptor] = [:]
    private var lines: [Channel: TerminalLines] = [:]
    private var hasEnded = false
    private var isAsked = false
    private var isStopped: GuestEnding?
    private var record: FileDescriptor?

    /// Whether there is nothing more to come from it.
    var isOver: Bool { hasEnded && channels.isEmpty }
    /// How long it has run.
    var age: Duration { .now - start }

    /// Starts QEMU.
    ///
    /// It has the `signals` unblocked that are blocked here. After the `limit` the guest is ended.
    /// What is typed comes from `input`; `record` gets every byte of the serial line. Both are
    /// closed at the end.
    ///
    /// - Throws: Why it could not be started.
    init(
        _ command: GuestCommand, signals: borrowing BlockedSignals, limit: Duration?,
        input: FileDescriptor? = nil, record: FileDescriptor?
    ) throws(Errno) {
        var theirs: [FileDescriptor] = []
        defer { theirs.forEach { try? $0.close() } }
        if let input {
            theirs.append(input)
        } else {
            guard let null = FileDescriptor.open(null: .readOnly) else {
                throw .noSuchFileOrDirectory
            }
            theirs.append(null)
        }
        for channel in Channel.allCases {
            let (ours, other) =
                try channel == .control
                ? FileDescriptor.privateSocketPair() : FileDescriptor.privatePipe()
            channels[channel] = ours
            theirs.append(other)
        }
        self.record = record
        evidence.isObserved = command.isObserved
        deadline = start + (limit ?? Self.forEver)
        do throws(Errno) {
            child = try Child.spawn(
                command.program, command.arguments, streams: theirs, signals: signals)
        } catch {
            channels.values.forEach { try? $0.close() }
            throw error
        }
        tell(ControlRequest.start)
    }

    /// What to wait for: descriptors with something to read.
    var descriptors: [(channel: Channel, descriptor: Int32)] {
        channels.map { ($0.key, $0.value.rawValue) }
    }

    /// Reads what has come through a channel.
    func read(_ channel: Channel, into block: UnsafeMutableRawBufferPointer) {
        guard let descriptor = channels[channel] else { return }
        let count = (try? descriptor.read(into: block)) ?? 0
        if count == 0 {
            // Also when QEMU leaves its end of the control channel with something unread.
            lines[channel, default: TerminalLines()].finish { take($0, from: channel) }
            try? descriptor.close()
            channels[channel] = nil
            return
        }
        let bytes = UnsafeRawBufferPointer(rebasing: block[..<count])
        if channel == .serial { keep(bytes) }
        lines[channel, default: TerminalLines()].take(bytes) { take($0, from: channel) }
    }

    /// Writes what was said to the record, until that fails: the guest goes on.
    private func keep(_ bytes: UnsafeRawBufferPointer) {
        guard let record else { return }
        do {
            try ignoring(SIGPIPE) { _ = try record.writeAll(bytes) }
        } catch {
            if error as? Errno != .brokenPipe {
                evidence.recordProblem = error as? Errno ?? .ioError
            }
            try? record.close()
            self.record = nil
        }
    }

    /// Does what is due by now; an endless loop of exceptions is not waited for.
    func attend() {
        reap()
        let isAnswered = isAsked && evidence.registers != nil
        let isFutile = evidence.exceptions.isEndless && !isAsked
        let isDecided = !hasEnded && isStopped == nil && (isAnswered || isFutile)
        if isDecided || deadline <= .now { timeIsOver() }
    }

    /// Does what is due: asks where the guest is, ends it, kills it, or reads no longer.
    private func timeIsOver() {
        if hasEnded {
            // A program that QEMU has started keeps a channel open.
            closeChannels()
        } else if isStopped != nil {
            child.send(SIGKILL)
            deadline = .now + Self.grace
        } else if evidence.isObserved, evidence.hasStarted, !isAsked {
            isAsked = true
            tell(ControlRequest.registers)
            deadline = .now + Self.questionLimit
        } else {
            end(evidence.exceptions.isEndless ? .stopped : .timedOut)
        }
    }

    /// Takes down how the process ended, if it has.
    private func reap() {
        guard !hasEnded, let exit = child.exitIfEnded() else { return }
        evidence.ending = isStopped ?? GuestEnding(exit)
        hasEnded = true
        deadline = .now + Self.grace
    }

    /// Lets the evidence tell when a line with that text has come.
    func watch(for text: String) { evidence.watchedText = text }

    /// Ends QEMU, whatever the guest does.
    func end(_ ending: GuestEnding) {
        guard isStopped == nil else { return }
        isStopped = ending
        child.send(SIGTERM)
        deadline = .now + Self.grace
    }

    /// Ends QEMU at once; it is waited for by whoever waits for this process.
    func endAtOnce() { child.send(SIGKILL) }

    private func take(_ line: String, from channel: Channel) {
        switch channel {
        case .serial: evidence.takeSerial(line, at: age)
        case .stderrLines: evidence.takeStderrLine(line)
        case .control: MachineMessage(line).map { evidence.take($0) }
        case .log: evidence.takeLogLine(line)
        case .firmware: evidence.takeBIOSLine(line)
        }
    }

    /// QEMU may have ended; then nobody is there to take it.
    func tell(_ text: String) {
        guard let descriptor = channels[.control] else { return }
        var text = text + "\n"
        text.withUTF8 {
            _ = send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func closeChannels() {
        channels.values.forEach { try? $0.close() }
        channels = [:]
    }

    deinit {
        closeChannels()
        try? record?.close()
    }
}
