package import HostSystem
package import SystemPackage

import Libc

/// Watches the process that writes to a device.
///
/// Writing needs a process of its own: a system call to a device that does not respond cannot be
/// interrupted, and neither can the process that made it.
package struct FlashSupervisor {
    package enum Problem: Error, Equatable {
        case failed(FlashProblem)
        case pulledOut
        /// The device did not respond for this time.
        case silent(Duration)
        case interrupted(by: Int32)
        /// The writer ended without a result.
        case ended(Exit)
        case notStarted(Errno)
        /// The device was replaced between check and writing.
        case deviceChanged
        /// The image changed between check and writing.
        case imageChangedSinceCheck
        /// The image changed while it was written.
        case imageChanged
    }

    /// How long the device may take while it is attached.
    struct Limits {
        /// For 1 MiB.
        var piece = Duration.seconds(9)
        /// To write its cache to the medium.
        var flush = Duration.seconds(60)
    }

    /// How often the presence of the device is checked.
    private static let interval = Duration.milliseconds(250)
    /// How long after an error the kernel may take to report a removed device.
    private static let afterError = Duration.seconds(2)
    /// After so long without a check, this process was stopped itself.
    private static let stoppage = Duration.seconds(2)

    package let program: FilePath
    package let arguments: [String]
    var limits = Limits()
    let isPresent: () -> Bool

    /// Starts the writer with the device as descriptor 0 and the image as 3, waits for it, and
    /// closes the device.
    package func run(
        device: FileDescriptor, image: FileDescriptor, _ take: (FlashEvent) -> Void
    ) throws(Problem) {
        let signals = BlockedSignals()
        let (reading, writer) = try start(device, image, signals)
        defer { try? reading.close() }
        var lines = FlashLines()
        var lastEvent = FlashEvent.progress(.clearing, 0)
        var (lastMoment, lastLook) = (ContinuousClock.now, ContinuousClock.now)
        while true {
            let isReadable = poll(
                [signals.descriptor, reading.rawValue], until: .now + Self.interval)[1]
            let now = ContinuousClock.now
            if now - lastLook > Self.stoppage { lastMoment = now }
            lastLook = now
            if let number = signals.nextInterrupt() {
                throw give(up: writer, .interrupted(by: number))
            }
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

    private func check(_ event: FlashEvent, _ silence: Duration, _ writer: Child) throws(Problem) {
        if !isPresent() { throw give(up: writer, .pulledOut) }
        var limit = limits.piece
        if case .progress(.flushing, _) = event { limit = limits.flush }
        if silence > limit { throw give(up: writer, .silent(limit)) }
    }

    /// Judges how the writer ended, by its last event.
    private func end(_ writer: Child, _ event: FlashEvent) throws(Problem) {
        let exit = writer.wait()
        switch (event, exit) {
        case (.done, _): return
        case (.failed(.device(_, let errno, _)), _) where isGone(after: errno): throw .pulledOut
        case (.failed(let problem), _): throw .failed(problem)
        case (.progress, .signal(let number)) where [SIGINT, SIGTERM, SIGHUP].contains(number):
            throw .interrupted(by: number)
        case (.progress, _): throw .ended(exit)
        }
    }

    /// Waits a moment: the error may arrive before the kernel reports the removal.
    private func isGone(after errno: Errno) -> Bool {
        if errno.reportsAbsence { return true }
        let deadline = ContinuousClock.now + Self.afterError
        while isPresent() {
            if .now > deadline { return false }
            usleep(useconds_t(Self.interval.wholeMilliseconds) * 1000)
        }
        return true
    }

    /// Kills the writer, and does not wait for one that cannot be killed.
    private func give(up writer: Child, _ problem: Problem) -> Problem {
        writer.send(SIGKILL)
        for _ in 0..<10 where writer.exitIfEnded() == nil { usleep(50_000) }
        return problem
    }

    private func start(
        _ device: FileDescriptor, _ image: FileDescriptor, _ signals: borrowing BlockedSignals
    ) throws(Problem) -> (FileDescriptor, Child) {
        defer { try? device.close() }
        do throws(Errno) {
            let (reading, writing) = try FileDescriptor.privatePipe()
            defer { try? writing.close() }
            do throws(Errno) {
                let writer = try Child.spawn(
                    program, arguments, streams: [device, writing, .standardError, image],
                    signals: signals)
                return (reading, writer)
            } catch {
                try? reading.close()
                throw error
            }
        } catch {
            throw .notStarted(error)
        }
    }
}

/// Splits the text from a pipe into events.
private struct FlashLines {
    private var bytes: [UInt8] = []

    /// Waits for more text; returns false at the end.
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
