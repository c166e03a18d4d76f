import FoundationEssentials
import GuestFSProtocol
import Synchronization
import SystemPackage

/// Sends events to the process that started this one, from any thread.
final class EventSink: Sendable {
    /// Between two reports of progress.
    private static let interval = Duration.milliseconds(100)

    /// When progress is due again; its lock also keeps lines apart.
    private let nextProgress = Mutex<ContinuousClock.Instant>(.now)

    /// Sends an event; a reader that has ended has no use for it, and ends this process too.
    func send(_ event: GuestFSEvent) {
        guard var line = try? JSONEncoder().encode(event) else {
            preconditionFailure("numbers and strings can always be encoded")
        }
        line.append(UInt8(ascii: "\n"))
        nextProgress.withLock { _ in _ = try? FileDescriptor.standardOutput.writeAll(line) }
    }

    /// Sends how far the step is, unless that was just sent.
    func progress(_ done: UInt64, of total: UInt64) {
        let isDue = nextProgress.withLock { next in
            let now = ContinuousClock.now
            guard now >= next || done == total else { return false }
            next = now + Self.interval
            return true
        }
        if isDue { send(.progress(done: done, total: total)) }
    }
}
