import HostSystem
import Libc
import SystemPackage

/// A running guest whose output is collected as evidence.
final class ObservedGuest {
    /// QEMU's descriptors 1, 2 and so on.
    enum Channel: Int, CaseIterable {
        case serial = 1, stderrLines, control, log, firmware
    }

    /// How long QEMU may take to end after a signal, and to return the registers before that.
    private static let grace = Duration.seconds(1)
    private static let questionLimit = Duration.seconds(1)
    private static let unlimited = Duration.seconds(1 << 30)
    /// QEMU 7.2 sometimes sleeps on when a timer of an idle guest is due; any message wakes it.
    private static let wakePeriod = Duration.seconds(1)

    var evidence = Evidence()
    /// The moment at which ``attend()`` must be called.
    private(set) var deadline: ContinuousClock.Instant
    private let child: Child
    private let start = ContinuousClock.now
    private var nextWake = ContinuousClock.now + wakePeriod
    private(set) var channels: [Channel: FileDescriptor] = [:]
    private var lines: [Channel: TerminalLines] = [:]
    private var hasEnded = false
    private var isQuestioned = false
    private var isStopped = false
    private var record: FileDescriptor?
    /// What the record does not receive, if it is a terminal.
    var filter: TerminalFilter?
    /// Receives each line of QEMU's standard error.
    var takeStderrLine: (String) -> Void = { _ in }
    /// Whether the firmware's channel is the machine's second serial port.
    private let hasSecondPort: Bool
    /// Whether the record ends in a whole line.
    private var isAtLineStart = true
    /// The number of bytes that the record still takes.
    private var recordRoom: Int

    /// Whether QEMU has ended and all its output has been read.
    var isOver: Bool { hasEnded && channels.isEmpty }
    var age: Duration { .now - start }

    /// Starts QEMU, which does not inherit that `signals` are blocked.
    ///
    /// `input` is what the serial line receives, and is closed here; `record` receives every byte
    /// of the serial line, up to `recordLimit`, and is closed at the end. `isStartedByDebugger`
    /// leaves the machine stopped.
    init(
        _ command: GuestCommand, signals: borrowing BlockedSignals, limit: Duration?,
        input: FileDescriptor? = nil, record: FileDescriptor?, recordLimit: Int = .max,
        isStartedByDebugger: Bool = false
    ) throws(Errno) {
        var theirs: [FileDescriptor] = []
        defer {
            let shared: Set = [FileDescriptor.standardError]
            Set(theirs + command.files).subtracting(shared).forEach { try? $0.close() }
        }
        guard let input = input ?? FileDescriptor.open(null: .readOnly) else {
            throw .noSuchFileOrDirectory
        }
        theirs.append(input)
        for channel in Channel.allCases {
            if channel == .stderrLines, command.standardError != .observer {
                let isMerged = command.standardError == .output
                theirs.append(isMerged ? theirs[Channel.serial.rawValue] : .standardError)
                continue
            }
            let (ours, other) =
                try channel == .control
                ? FileDescriptor.privateSocketPair() : FileDescriptor.privatePipe()
            channels[channel] = ours
            theirs.append(other)
        }
        self.record = record
        recordRoom = recordLimit
        hasSecondPort = command.isBoard
        evidence.isObserved = command.isObserved
        deadline = start + (limit ?? Self.unlimited)
        do throws(Errno) {
            child = try Child.spawn(
                command.program, command.arguments, streams: theirs + command.files,
                signals: signals)
        } catch {
            channels.values.forEach { try? $0.close() }
            throw error
        }
        send(isStartedByDebugger ? ControlRequest.greeting : ControlRequest.start)
    }

    /// Reads what has arrived through a channel.
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

    /// Writes output to the record; if that fails, the guest goes on without a record.
    private func keep(_ bytes: UnsafeRawBufferPointer) {
        guard let record else { return }
        isAtLineStart = bytes.last == 0x0A
        do {
            let filtered = filter?.take(bytes)
            try ignoring(SIGPIPE) {
                let taken = UnsafeRawBufferPointer(rebasing: bytes.prefix(recordRoom))
                _ = try filtered.map { try record.writeAll($0) } ?? record.writeAll(taken)
            }
            recordRoom -= bytes.count
            guard recordRoom < 0 else { return }
            _ = try record.writeAll("\n[bootimage: the log's limit is reached]\n".utf8)
            try record.close()
            self.record = nil
        } catch {
            if error as? Errno != .brokenPipe {
                evidence.recordProblem = error as? Errno ?? .ioError
            }
            try? record.close()
            self.record = nil
        }
    }

    /// Does what is due; does not wait for the limit in an endless loop of exceptions.
    func attend() {
        reap()
        if nextWake <= .now {
            nextWake = .now + Self.wakePeriod
            send(ControlRequest.wake)
        }
        let isAnswered = isQuestioned && evidence.registers != nil
        let isFutile = evidence.exceptions.isEndless && !isQuestioned
        let isDecided = !hasEnded && !isStopped && (isAnswered || isFutile)
        if isDecided || deadline <= .now { timeIsOver() }
    }

    /// Does what is due, and ends a guest whose verdict is clear.
    func attendUntilDecided() {
        if evidence.isFinal { end() }
        attend()
    }

    /// Takes the next step towards the end: queries the registers, ends QEMU, kills it, or stops
    /// reading.
    private func timeIsOver() {
        if hasEnded {
            // A program that QEMU has started may keep a channel open.
            closeChannels()
        } else if isStopped {
            child.send(SIGKILL)
            deadline = .now + Self.grace
        } else if evidence.isObserved, evidence.hasStarted, !isQuestioned {
            isQuestioned = true
            send(ControlRequest.registers)
            deadline = .now + Self.questionLimit
        } else {
            end()
        }
    }

    private func reap() {
        guard !hasEnded, let exit = child.exitIfEnded() else { return }
        evidence.ending = isStopped ? nil : exit
        hasEnded = true
        deadline = .now + Self.grace
    }

    /// Ends QEMU with SIGTERM, and soon after with SIGKILL.
    func end() {
        if isStopped { return }
        isStopped = true
        child.send(SIGTERM)
        deadline = .now + Self.grace
    }

    func endAtOnce() { child.send(SIGKILL) }

    private func take(_ line: String, from channel: Channel) {
        switch channel {
        case .serial: evidence.takeSerial(line, at: age)
        case .stderrLines: if evidence.takeStderrLine(line) { takeStderrLine(line) }
        case .control: MachineMessage(line).map { evidence.take($0, at: age) }
        case .log: evidence.takeLogLine(line)
        case .firmware where hasSecondPort: takeSecondPort(line)
        case .firmware: evidence.takeBIOSLine(line)
        }
    }

    /// Takes a line of the second serial port, whose prefix distinguishes it from the first one's.
    private func takeSecondPort(_ line: String) {
        evidence.takeSerial(line, at: age)
        let text = (isAtLineStart ? "" : "\n") + "mini UART: \(line)\n"
        Array(text.utf8).withUnsafeBytes { keep($0) }
    }

    /// Sends a request to QEMU; one that has ended ignores it.
    func send(_ text: String) {
        guard let descriptor = channels[.control] else { return }
        var text = text + "\n"
        text.withUTF8 {
            _ = Libc.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
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

/// Waits for several guests and for signals at once.
struct GuestWatch: ~Copyable {
    let signals = BlockedSignals()
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    deinit { block.deallocate() }

    /// Waits for output, which is passed to its guest, for a signal, or until a guest's deadline
    /// or `limit` is reached.
    func wait(for guests: [ObservedGuest], atMost limit: Duration) {
        let sources = guests.flatMap { guest in
            guest.channels.map { (guest, $0.key, $0.value.rawValue) }
        }
        let deadline = guests.map(\.deadline).min()
        let isReadable = poll(
            [signals.descriptor] + sources.map(\.2),
            until: min(deadline ?? .now + limit, .now + limit))
        for (isReadable, source) in zip(isReadable.dropFirst(), sources) where isReadable {
            source.0.read(source.1, into: block)
        }
    }
}
