/// A disk or an image that can be read anywhere.
public protocol DiskSource {
    /// How long it is.
    var byteCount: ByteCount { get }

    /// The `count` bytes from `offset` on, which lie before its end.
    func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8]
}

/// Why bytes of a disk could not be read.
public struct DiskReadError: Error, Equatable, CustomStringConvertible {
    /// Where, in bytes from the disk's start.
    public let offset: UInt64
    /// What the system says, or that the disk has become shorter.
    public let cause: String

    /// An error there.
    public init(offset: UInt64, cause: String) {
        self.offset = offset
        self.cause = cause
    }

    /// One line.
    public var description: String { "cannot be read at offset \(hex(offset)): \(cause)" }
}

extension DiskSource {
    /// Whether these bytes lie before its end.
    func has(_ count: UInt64, at offset: UInt64) -> Bool {
        offset <= byteCount.value && count <= byteCount.value - offset
    }

    /// A structure's bytes, with zeros for what would lie behind the end.
    func region(_ place: String, _ count: Int, at offset: UInt64) throws(DiskReadError) -> Region {
        let end = min(offset.addingSaturating(UInt64(count)), byteCount.value)
        var bytes = offset < end ? try read(Int(end - offset), at: offset) : []
        bytes += repeatElement(0, count: count - bytes.count)
        return Region(place: place, offset: offset, bytes: bytes)
    }
}

extension UInt64 {
    /// The sum, or the largest number if that is too small for it.
    func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }

    /// The product, or the largest number if that is too small for it.
    func multipliedSaturating(by other: UInt64) -> UInt64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max : product
    }
}
