package import DiskImage
package import HostSystem
package import SystemPackage

/// The disk in a container, of which `qemu-img` reads what is asked for.
///
/// Each of its runs takes about 10 ms, so it reads much at a time, and that is held for a while.
package final class ContainedDisk: DiskSource {
    private static let pieceByteCount: UInt64 = 2 << 20
    private static let pieceCountLimit = 8

    package let byteCount: ByteCount
    private let load: (_ count: Int, _ offset: UInt64) throws(Failure) -> [UInt8]
    /// By their numbers, from the disk's start on.
    private var pieces: [UInt64: [UInt8]] = [:]

    /// Looks how long the disk is.
    package convenience init(in container: FilePath, _ format: ContainerFormat) throws(Failure) {
        let byteCount = try ImageConverter.diskByteCount(in: container, format)
        self.init(byteCount: byteCount) { count, offset throws(Failure) in
            try ImageConverter.bytes(of: container, format, count, at: offset)
        }
    }

    /// Takes the bytes from whoever has them.
    package init(
        byteCount: ByteCount,
        load: @escaping (_ count: Int, _ offset: UInt64) throws(Failure) -> [UInt8]
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
                throw DiskReadError(offset: place, cause: "qemu-img gives less than there is")
            }
            bytes += rest.prefix(count - bytes.count)
        }
        return bytes
    }

    private func piece(_ number: UInt64) throws(DiskReadError) -> [UInt8] {
        if let piece = pieces[number] { return piece }
        let start = number * Self.pieceByteCount
        let length = min(Self.pieceByteCount, byteCount.value - min(start, byteCount.value))
        let piece: [UInt8]
        do throws(Failure) {
            piece = try load(Int(length), start)
        } catch {
            throw DiskReadError(offset: start, cause: error.message)
        }
        if pieces.count == Self.pieceCountLimit { pieces = [:] }
        pieces[number] = piece
        return piece
    }
}
