/// A disk or an image that can be read at any offset.
public protocol DiskSource {
    /// Its length.
    var byteCount: ByteCount { get }

    /// Reads the `count` bytes at `offset`, all of which lie before the end.
    func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8]
}

/// Why bytes of a disk could not be read.
public struct DiskReadError: Error, Equatable, CustomStringConvertible {
    /// The place, in bytes from the disk's start.
    public let offset: UInt64
    /// The system's reason, or that the disk has become shorter.
    public let cause: String

    /// An error at that place.
    public init(offset: UInt64, cause: String) {
        self.offset = offset
        self.cause = cause
    }

    /// One line.
    public var description: String { "cannot be read at offset \(hex(offset)): \(cause)" }
}

extension DiskSource {
    /// Whether these bytes lie before the end.
    func has(_ count: UInt64, at offset: UInt64) -> Bool {
        offset <= byteCount.value && count <= byteCount.value - offset
    }

    /// Reads a structure's bytes, with zeros for those past the end.
    func region(_ place: String, _ count: Int, at offset: UInt64) throws(DiskReadError) -> Region {
        let end = min(offset.addingSaturating(UInt64(count)), byteCount.value)
        var bytes = offset < end ? try read(Int(end - offset), at: offset) : []
        bytes += repeatElement(0, count: count - bytes.count)
        return Region(place: place, offset: offset, bytes: bytes)
    }

    /// Reads a file's bytes from `start`, up to `count`; `runs` are its extents in order.
    package func read(
        _ count: Int, of runs: [Range<UInt64>], from start: UInt64 = 0
    ) throws(DiskReadError) -> [UInt8] {
        var bytes: [UInt8] = []
        var skipped: UInt64 = 0
        for run in runs where bytes.count < count {
            defer { skipped += run.byteCount }
            let first = start > skipped ? start - skipped : 0
            guard first < run.byteCount else { continue }
            let missing = min(UInt64(count - bytes.count), run.byteCount - first)
            bytes += try read(Int(missing), at: run.lowerBound + first)
        }
        return bytes
    }

    func digest(of runs: [Range<UInt64>]) throws(DiskReadError) -> ContentDigest {
        let byteCount = runs.reduce(0) { $0 + $1.byteCount }
        let samples = try ContentDigest.samples(of: byteCount).map { range throws(DiskReadError) in
            try read(Int(range.byteCount), of: runs, from: range.lowerBound)
        }
        return ContentDigest(byteCount: byteCount, samples: samples)
    }
}
