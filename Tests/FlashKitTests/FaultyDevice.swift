import SystemPackage

@testable import DiskImage
@testable import FlashKit

/// An image in memory.
struct ImageInMemory: DiskSource {
    var bytes: [UInt8]
    var byteCount: ByteCount { ByteCount(of: bytes) }

    func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
        guard Int(offset) + count <= bytes.count else {
            throw DiskReadError(offset: offset, cause: "the file became shorter meanwhile")
        }
        return Array(bytes[Int(offset)..<Int(offset) + count])
    }
}

/// A device in memory that records its calls and injects faults.
final class FaultyDevice: FlashTarget {
    enum Call: Equatable {
        case write(Range<UInt64>)
        case read(Range<UInt64>)
        case flush
    }

    var bytes: [UInt8]
    private(set) var calls: [Call] = []
    /// The error to return instead of a call; nil performs it.
    var fault: (Call) -> Errno? = { _ in nil }
    /// How much a call does at most.
    var longest = Int.max
    /// What is read instead of what was written.
    var damage: [UInt64: UInt8] = [:]
    /// How much memory there really is, in whole MiB: what lies behind it is the first again.
    var realByteCount: Int?

    init(byteCount: Int) { bytes = Array(repeating: 0xA5, count: byteCount) }

    func write(_ source: UnsafeRawBufferPointer, at offset: UInt64) throws(Errno) -> Int {
        let count = min(source.count, longest)
        try record(.write(offset..<offset + UInt64(count)))
        guard count > 0 else { return 0 }
        let start = place(Int(offset))
        bytes.replaceSubrange(start..<start + count, with: source[..<count])
        return count
    }

    func read(
        into target: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(Errno) -> Int {
        let count = min(target.count, longest)
        try record(.read(offset..<offset + UInt64(count)))
        let start = place(Int(offset))
        target.copyBytes(from: bytes[start..<start + count])
        for (place, byte) in damage {
            let index = Int(place) - Int(offset)
            if (0..<count).contains(index) { target[index] = byte }
        }
        return count
    }

    func flush() throws(Errno) { try record(.flush) }

    private func record(_ call: Call) throws(Errno) {
        calls.append(call)
        if let errno = fault(call) { throw errno }
    }

    private func place(_ offset: Int) -> Int { offset % (realByteCount ?? .max) }
}
