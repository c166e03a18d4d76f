import CHostSystem
import Libc

/// SIGINT, SIGTERM, SIGHUP and SIGCHLD, blocked and read one by one until this value is destroyed.
package struct BlockedSignals: ~Copyable {
    /// Becomes readable when a signal is pending.
    package let descriptor: Int32
    private var previous = sigset_t()

    package init() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&set, number) }
        // A process that ignores SIGCHLD cannot wait for its children, and passes that on.
        signal(SIGCHLD, SIG_DFL)
        pthread_sigmask(SIG_BLOCK, &set, &previous)
        descriptor = open_signal_descriptor(&set)
    }

    deinit {
        // A late signal must not end a process that is already ending, or the next program.
        while next() != nil {}
        close(descriptor)
        var previous = previous
        pthread_sigmask(SIG_SETMASK, &previous, nil)
    }

    /// Returns the next pending signal, or nil.
    package func next() -> Int32? {
        let number = next_signal(descriptor)
        return number == 0 ? nil : number
    }

    /// Returns a pending SIGINT, SIGTERM or SIGHUP, or nil.
    package func nextInterrupt() -> Int32? {
        while let number = next() {
            if number != SIGCHLD { return number }
        }
        return nil
    }

    /// Waits for a signal; returns nil at the deadline.
    package func wait(until deadline: ContinuousClock.Instant?) -> Int32? {
        while true {
            if let number = next() { return number }
            if let deadline, deadline <= .now { return nil }
            poll([descriptor], until: deadline)
        }
    }

    /// Calls `body` with a child's signal mask: the one that was set before, without SIGTERM, which
    /// a thread pool may have blocked.
    func withMaskOfChild<Result>(_ body: (UnsafePointer<sigset_t>) -> Result) -> Result {
        var mask = previous
        sigdelset(&mask, SIGTERM)
        return withUnsafePointer(to: mask, body)
    }
}

/// Waits until one of the descriptors is readable or closed, or the deadline has passed.
///
/// Returns for each descriptor whether a read would not block.
@discardableResult
package func poll(
    _ descriptors: [Int32], until deadline: ContinuousClock.Instant?
) -> [Bool] {
    var events = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let rest = deadline.map { Int32(clamping: max(0, ($0 - .now).wholeMilliseconds + 1)) }
    _ = Libc.poll(&events, nfds_t(events.count), rest ?? -1)
    return events.map { $0.revents != 0 }
}

/// Runs `body` with a signal ignored: the system call that would raise it fails instead.
///
/// Only around one call, because a child process inherits ignored signals.
package func ignoring<Result, Problem>(
    _ signalNumber: Int32, _ body: () throws(Problem) -> Result
) throws(Problem) -> Result {
    var (signals, mask, now) = (sigset_t(), sigset_t(), timespec())
    sigemptyset(&signals)
    sigaddset(&signals, signalNumber)
    pthread_sigmask(SIG_BLOCK, &signals, &mask)
    defer {
        while sigtimedwait(&signals, nil, &now) == signalNumber {}
        pthread_sigmask(SIG_SETMASK, &mask, nil)
    }
    return try body()
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
