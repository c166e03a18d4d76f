import Dispatch
import GuestFSProtocol
import Synchronization
import SystemPackage

/// A call of libguestfs's that reads from or writes to a pipe, with this process at the other end:
/// the call blocks, so the other end is served by another thread.
struct PipedCall {
    private let reading: FileDescriptor
    private let writing: FileDescriptor

    init() throws(GuestFSError) {
        do {
            (reading, writing) = try FileDescriptor.pipe()
        } catch {
            let number = (error as? Errno)?.rawValue ?? 0
            throw .call(function: .configure, message: "pipe: \(error)", errno: number)
        }
    }

    /// Runs a call that reads what `feed` writes.
    func feed(
        _ call: (FileDescriptor) throws(GuestFSError) -> Void,
        by feed: @escaping @Sendable (FileDescriptor) throws(GuestFSError) -> Void
    ) throws(GuestFSError) {
        try run(call, reading, feed, writing)
    }

    /// Runs a call that writes what `drain` reads.
    func drain(
        _ call: (FileDescriptor) throws(GuestFSError) -> Void,
        by drain: @escaping @Sendable (FileDescriptor) throws(GuestFSError) -> Void
    ) throws(GuestFSError) {
        try run(call, writing, drain, reading)
    }

    /// Serves both ends, each of which closes its own when it is done.
    ///
    /// If both fail, the peer's error is the cause: the call then saw an archive without an end, or
    /// a pipe without a reader.
    private func run(
        _ call: (FileDescriptor) throws(GuestFSError) -> Void, _ end: FileDescriptor,
        _ peer: @escaping @Sendable (FileDescriptor) throws(GuestFSError) -> Void,
        _ peerEnd: FileDescriptor
    ) throws(GuestFSError) {
        let outcome = Outcome()
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            do throws(GuestFSError) { try peer(peerEnd) } catch {
                outcome.error.withLock { $0 = error }
            }
            // An interrupted close has closed it.
            try? peerEnd.close()
        }
        let result = Result { () throws(GuestFSError) in try call(end) }
        try? end.close()
        group.wait()
        if let error = outcome.error.withLock({ $0 }) { throw error }
        try result.get()
    }

    private final class Outcome: Sendable {
        let error = Mutex<GuestFSError?>(nil)
    }
}
