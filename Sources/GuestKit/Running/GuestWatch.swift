import HostSystem
import Libc

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
        let deadline = guests.map(\.deadline).min()
        let isReadable = poll(
            [signals.descriptor] + sources.map(\.2),
            until: min(deadline ?? .now + limit, .now + limit))
        for (isReadable, source) in zip(isReadable.dropFirst(), sources) where isReadable {
            source.0.read(source.1, into: block)
        }
    }

    /// The signal that asks this process to end, if one is pending.
    func interrupt() -> Int32? { signals.nextInterrupt() }
}
