package import DiskImage
import HostSystem

/// The disk in a container, read by `qemu-img` on demand.
///
/// Each run takes about 10 ms, so it reads large pieces, and the latest are cached.
package final class ContainedDisk: DiskSource {
    private static let pieceByteCount: UInt64 = 2 << 20
    private static let pieceCountLimit = 8

    package let byteCount: ByteCount
    private let load: (_ count: Int, _ offset: UInt64) throws(BuildError) -> [UInt8]
    /// By their numbers from the disk's start.
    private var pieces: [UInt64: [UInt8]] = [:]

    package convenience init(in container: Container) throws(BuildError) {
        let byteCount = try ImageConverter.diskByteCount(in: container)
        self.init(byteCount: byteCount) { count, offset throws(BuildError) in
            try ImageConverter.bytes(of: container, count, at: offset)
        }
    }

    package init(
        byteCount: ByteCount,
        load: @escaping (_ count: Int, _ offset: UInt64) throws(BuildError) -> [UInt8]
    ) {
        (self.byteCount, self.load) = (byteCount, load)
    }

    package func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let place = offset + UInt64(bytes.count)
            let piece = try piece(place / Self.pieceByteCount)
            let rest = piece.dropFirst(Int(place % Self.pieceByteCount))
            guard !rest.isEmpty else {
                throw DiskReadError(
                    offset: place, cause: "qemu-img returned fewer bytes than the disk has")
            }
            bytes += rest.prefix(count - bytes.count)
        }
        return bytes
    }

    private func piece(_ number: UInt64) throws(DiskReadError) -> [UInt8] {
        if let piece = pieces[number] { return piece }
        let start = number * Self.pieceByteCount
        let length = min(Self.pieceByteCount, byteCount.value - min(start, byteCount.value))
        let piece = try attempt(load(Int(length), start)) { (error: BuildError) in
            DiskReadError(offset: start, cause: error.cause)
        }
        if pieces.count == Self.pieceCountLimit { pieces = [:] }
        pieces[number] = piece
        return piece
    }
}

extension BuildError {
    /// The reason in a few words, for a list of findings.
    fileprivate var cause: String {
        switch self {
        case .program(.notFound(let name), _): "\(name) is not on PATH"
        case .program(.failed(_, _, let output), _):
            output.split(whereSeparator: \.isNewline).joined(separator: "; ")
        default: "\(self)"
        }
    }
}
