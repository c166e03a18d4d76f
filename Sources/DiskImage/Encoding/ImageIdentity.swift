/// 128 bits that stand for an image's content; its GUIDs and serial numbers derive from them.
///
/// Same content, same identity, same bytes in the image. It protects nothing: anyone can construct
/// two contents with one identity.
public struct ImageIdentity: Hashable, Sendable {
    /// The first 64 bits.
    public let high: UInt64
    /// The last 64 bits.
    public let low: UInt64

    /// The identity with these bits.
    public init(_ high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The identity of an image that holds these contents under these names, in any order.
    ///
    /// Names that differ only in case are the same, as they are on a FAT volume.
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

    /// Derives the identity for one purpose, such as `"disk GUID"`.
    public func derive(_ purpose: String) -> Self {
        var hasher = IdentityHasher()
        hasher.combine(high)
        hasher.combine(low)
        hasher.combine(Array(purpose.utf8))
        return hasher.finalize()
    }

    /// A version 8 UUID over these bits; never all zeros.
    public var guid: GUID { GUID(version8Over: high, low) }

    /// 32 bits, never all zeros: a disk signature or a volume ID.
    public var nonZeroWord: UInt32 {
        let word = UInt32(truncatingIfNeeded: high ^ (low >> 32) ^ low)
        return word == 0 ? 1 : word
    }
}

/// What represents one content in an ``ImageIdentity``: its length, and half a MiB at either end.
///
/// Reading a gigabyte to name an image would cost as much as writing it; a kernel is read whole.
public struct ContentDigest: Hashable, Sendable {
    /// The bits, mixed but not cryptographic.
    fileprivate let identity: ImageIdentity

    private static let sampleByteCount: UInt64 = 512 << 10

    /// The ranges to sample in a content of that length: one or two; none if it is empty.
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

/// Turns samples of an image's content into an ``ImageIdentity``, 16 bytes at a time.
///
/// Fast and well mixed, not cryptographic. The result depends on the samples, their order, and the
/// boundaries between them: the same bytes in other pieces give another identity.
struct IdentityHasher {
    // The fractions of the golden ratio, the square root of 2 and π; odd, so that multiplying by
    // them loses nothing.
    private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let root: UInt64 = 0x6A09_E667_F3BC_C909
    private static let circle: UInt64 = 0x243F_6A88_85A3_08D3

    private var left = golden
    private var right = root

    mutating func combine(_ number: UInt64) {
        mix(number, 8)
    }

    mutating func combine(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { combine($0) }
    }

    private mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        let blocksEnd = bytes.count & ~15
        for offset in stride(from: 0, to: blocksEnd, by: 16) {
            mix(Self.word(of: bytes, at: offset), Self.word(of: bytes, at: offset + 8))
        }
        let rest = [UInt8](bytes[blocksEnd...]) + repeatElement(0, count: 16)
        rest.withUnsafeBytes { mix(Self.word(of: $0, at: 0), Self.word(of: $0, at: 8)) }
        mix(UInt64(bytes.count), 0)
    }

    func finalize() -> ImageIdentity {
        var last = self
        for _ in 0..<4 { last.mix(Self.circle, Self.golden) }
        return ImageIdentity(last.left, last.right)
    }

    private static func word(of bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
    }

    /// One round.
    ///
    /// Each step is invertible, so no state is ever lost; the shifts bring the well mixed upper
    /// half of a product down to where the next product spreads it.
    private mutating func mix(_ first: UInt64, _ second: UInt64) {
        left = (left ^ first) &* Self.golden
        right = ((right ^ second) &* Self.root) &+ (left ^ (left >> 29))
        left = left &+ (right ^ (right >> 32)) &* Self.circle
    }
}
