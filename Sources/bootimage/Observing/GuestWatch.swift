#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Waits for several guests at once, and for the signals that concern them.
struct GuestWatch: ~Copyable {
    let signals = BlockedSignals()
    private let block = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 64 << 10, alignment: 16)

    deinit { block.deallocate() }

    /// Waits for something to read, which the guests then take, a signal, or the next moment at
    /// which something is due.
    func wait(for guests: [ObservedGuest], atMost limit: Duration) {
        let sources = guests.flatMap { guest in
            guest.descriptors.map { (guest, $0.channel, $0.descriptor) }
        }
        var entries =
            [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
            + sources.map { pollfd(fd: $0.2, events: Int16(POLLIN), revents: 0) }
        let now = ContinuousClock.now
        let rest = guests.map { $0.deadline - now }.min().map { min($0, limit) } ?? limit
        poll(&entries, nfds_t(entries.count), Int32(max(0, rest.wholeMilliseconds + 1)))
        for (entry, source) in zip(entries.dropFirst(), sources) where entry.revents != 0 {
            source.0.read(source.1, into: block)
        }
    }

    /// The signal that has asked this process to end, if one has.
    func request() -> Int32? {
        while let number = signals.next() {
            if number != SIGCHLD { return number }
        }
        return nil
    }
}
