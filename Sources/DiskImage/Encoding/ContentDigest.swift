/// What stands for one content in an ``ImageIdentity``: its length, and half a MiB at either end.
///
/// Reading a gigabyte to name an image would cost as much as writing it; a kernel is read whole.
public struct ContentDigest: Hashable, Sendable {
    /// The bits, mixed but not cryptographic.
    fileprivate let identity: ImageIdentity

    private static let sampleByteCount: UInt64 = 512 << 10

    /// The bytes that count in a content of that length: one range or two, none of an empty one.
    public static func samples(of byteCount: UInt64) -> [Range<UInt64>] {
        let end = min(byteCount, sampleByteCount)
        let start = max(byteCount - min(byteCount, sampleByteCount), end)
        return [0..<end, start..<byteCount].filter { !$0.isEmpty }
    }

    /// The digest of a content of that length; `samples` are the bytes of its ``samples(of:)``.
    public init(byteCount: UInt64, samples: [[UInt8]]) {
        var hasher = IdentityHasher()
        hasher.combine(byteCount)
        for sample in samples { hasher.combine(sample) }
        identity = hasher.finalize()
    }

    /// The digest of bytes in memory.
    public init(of bytes: [UInt8]) {
        let ranges = Self.samples(of: UInt64(bytes.count))
        self.init(
            byteCount: UInt64(bytes.count),
            samples: ranges.map { Array(bytes[Int($0.lowerBound)..<Int($0.upperBound)]) })
    }
}

extension ImageIdentity {
    /// The identity of an image that holds these contents under these names, whatever their order.
    ///
    /// Names that differ in case alone are the same, as they are on a FAT volume.
    public init(_ contents: [(name: String, digest: ContentDigest)]) {
        var hasher = IdentityHasher()
        let sorted = contents.map { ($0.name.uppercased(), $0.digest) }.sorted { $0.0 < $1.0 }
        for (name, digest) in sorted {
            hasher.combine(Array(name.utf8))
            hasher.combine(digest.identity.high)
            hasher.combine(digest.identity.low)
        }
        self = hasher.finalize()
    }
}
