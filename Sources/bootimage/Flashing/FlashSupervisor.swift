import CProcess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Watches the process that writes to a device.
///
/// That is another process because a call into a device that does not answer cannot be ended, nor
/// can the process that made it: this one can.
struct FlashSupervisor {
    /// How the writing ended, if not well.
    enum Problem: Error, Equatable {
        case failed(FlashProblem)
        /// The device is no longer there.
        case pulledOut
        /// It has not answered for so long.
        case silent(Duration)
        /// This process was asked to end.
        case asked(signal: Int32)
        /// The writer ended without a word, with a status as waitpid(2) has it.
        case ended(status: Int32)
        case notStarted(Errno)
        /// Between the question and the answer somebody has put in another.
        case deviceChanged
        /// Nobody knows what is on the device.
        case imageChanged
    }

    /// How long nothing may happen while the device is there.
    struct Limits {
        /// For each MiB.
        var piece = Duration.seconds(9)
        /// Until everything in the device's own memory is on the medium.
        var flush = Duration.seconds(60)
    }

    /// How often the device is looked for.
    private static let interval = Duration.milliseconds(250)
    /// How long the kernel may take after an error to say that the device is gone.
    private static let afterError = Duration.seconds(2)
    /// After so long without a look, this process itself was stopped.
    private static let stoppage = Duration.seconds(2)

    let program: FilePath
    let arguments: [String]
    var limits = Limits()
    /// Whether the device is there.
    let isPresent: () -> Bool

    /// Has the writer write, with the device as its descriptor 0 and the image as 3, until it has
    /// done it; closes the device.
    func run(
        device: FileDescriptor, image: FileDescriptor, _ take: (FlashEvent) -> Void
    ) throws(Problem) {
        let signals = BlockedSignals()
        let (reading, writer) = try start(device, image, signals)
        defer { try? reading.close() }
        var lines = FlashLines()
        var lastEvent = FlashEvent.progress(.clearing, 0)
        var (lastMoment, lastLook) = (ContinuousClock.now, ContinuousClock.now)
        while true {
            let isReadable = wait(for: reading, signals)
            let now = ContinuousClock.now
            if now - lastLook > Self.stoppage { lastMoment = now }
            lastLook = now
            if let number = nextRequest(signals) { throw give(up: writer, .asked(signal: number)) }
            if isReadable {
                guard lines.read(from: reading) else { return try end(writer, lastEvent) }
                while let event = lines.next() {
                    (lastEvent, lastMoment) = (event, now)
                    take(event)
                }
            }
            if case .progress = lastEvent { try check(lastEvent, now - lastMoment, writer) }
        }
    }

    private func check(
        _ event: FlashEvent, _ silence: Duration, _ writer: pid_t
    ) throws(Problem) {
        if !isPresent() { throw give(up: writer, .pulledOut) }
        var limit = limits.piece
        if case .progress(.flushing, _) = event { limit = limits.flush }
        if silence > limit { throw give(up: writer, .silent(limit)) }
    }

    /// What is to be said when the writer has no more to say.
    private func end(_ writer: pid_t, _ event: FlashEvent) throws(Problem) {
        var status: Int32 = 0
        while waitpid(writer, &status, 0) == -1, errno == EINTR {}
        switch event {
        case .done: return
        case .failed(.device(_, let errno, _)) where isGone(after: errno): throw .pulledOut
        case .failed(let problem): throw .failed(problem)
        case .progress where [SIGINT, SIGTERM, SIGHUP].contains(status & 0x7F):
            throw .asked(signal: status & 0x7F)
        case .progress: throw .ended(status: status)
        }
    }

    /// The error may come a moment before the device's end is known.
    private func isGone(after errno: Errno) -> Bool {
        if errno.tellsAbsence { return true }
        let deadline = ContinuousClock.now + Self.afterError
        while isPresent() {
            if .now > deadline { return false }
            usleep(useconds_t(Self.interval.wholeMilliseconds) * 1000)
        }
        return true
    }

    /// Ends the writer, without waiting for one that cannot be ended.
    private func give(up writer: pid_t, _ problem: Problem) -> Problem {
        kill(writer, SIGKILL)
        for _ in 0..<10 where waitpid(writer, nil, WNOHANG) == 0 { usleep(50_000) }
        return problem
    }

    private func nextRequest(_ signals: borrowing BlockedSignals) -> Int32? {
        while let number = signals.next() {
            if number != SIGCHLD { return number }
        }
        return nil
    }

    private func wait(for reading: FileDescriptor, _ signals: borrowing BlockedSignals) -> Bool {
        var events = [signals.descriptor, reading.rawValue].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&events, 2, Int32(Self.interval.wholeMilliseconds))
        return events[1].revents != 0
    }

    private func start(
        _ device: FileDescriptor, _ image: FileDescriptor, _ signals: borrowing BlockedSignals
    ) throws(Problem) -> (FileDescriptor, pid_t) {
        defer { try? device.close() }
        let reading: FileDescriptor
        let writing: FileDescriptor
        do throws(Errno) { (reading, writing) = try FileDescriptor.privatePipe() } catch {
            throw .notStarted(error)
        }
        defer { try? writing.close() }
        var words = ([program.string] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let descriptors = [device, writing, .standardError, image].map(\.rawValue)
        var identifier: pid_t = 0
        let error = signals.withPrevious {
            start_child_process(
                program.string, &words, descriptors, Int32(descriptors.count), $0, &identifier)
        }
        guard error == 0 else {
            try? reading.close()
            throw .notStarted(Errno(rawValue: error))
        }
        return (reading, identifier)
    }
}

/// Takes lines apart, as they come through a pipe.
private struct FlashLines {
    private var bytes: [UInt8] = []

    /// Waits for more; false at the end.
    mutating func read(from pipe: FileDescriptor) -> Bool {
        var block = [UInt8](repeating: 0, count: 4096)
        let count = (try? block.withUnsafeMutableBytes { try pipe.read(into: $0) }) ?? 0
        bytes += block[..<count]
        return count > 0
    }

    mutating func next() -> FlashEvent? {
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Substring(decoding: bytes[..<end], as: UTF8.self)
            bytes.removeSubrange(...end)
            if let event = FlashEvent(line: line) { return event }
        }
        return nil
    }
}
