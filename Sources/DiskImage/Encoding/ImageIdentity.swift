/// 128 bits that stand for an image's content, from which its GUIDs and serial numbers derive.
///
/// Same content, same identity, same bytes in the image. It guards nothing: a person who wants two
/// contents with one identity can make them.
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

    /// The identity for one purpose, such as `"disk GUID"`; another purpose gives another.
    public func derive(_ purpose: String) -> Self {
        var hasher = IdentityHasher()
        hasher.combine(high)
        hasher.combine(low)
        hasher.combine(Array(purpose.utf8))
        return hasher.finalize()
    }

    /// A version-8 UUID over these bits; never all zeros.
    public var guid: GUID { GUID(version8Over: high, low) }

    /// 32 bits that are never all zeros: a disk signature or a volume ID.
    public var nonZeroWord: UInt32 {
        let word = UInt32(truncatingIfNeeded: high ^ (low >> 32) ^ low)
        return word == 0 ? 1 : word
    }
}

/// Turns samples of an image's content into an ``ImageIdentity``, 16 bytes at a time.
///
/// Fast and well mixed, not cryptographic. What counts are the samples, their order, and where
/// each ends: the same bytes fed in other pieces give another identity.
public struct IdentityHasher: Sendable {
    // The fractions of the golden ratio, the square root of 2 and π; odd, so that multiplying by
    // them loses nothing.
    private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let root: UInt64 = 0x6A09_E667_F3BC_C909
    private static let circle: UInt64 = 0x243F_6A88_85A3_08D3

    private var left = golden
    private var right = root

    /// Starts with nothing fed.
    public init() {}

    /// Feeds a number, such as a length.
    public mutating func combine(_ number: UInt64) {
        mix(number, 8)
    }

    /// Feeds a sample.
    public mutating func combine(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { combine($0) }
    }

    /// Feeds a sample that lies anywhere in memory.
    public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        let blocksEnd = bytes.count & ~15
        for offset in stride(from: 0, to: blocksEnd, by: 16) {
            mix(Self.word(of: bytes, at: offset), Self.word(of: bytes, at: offset + 8))
        }
        let rest = [UInt8](bytes[blocksEnd...]) + repeatElement(0, count: 16)
        rest.withUnsafeBytes { mix(Self.word(of: $0, at: 0), Self.word(of: $0, at: 8)) }
        mix(UInt64(bytes.count), 0)
    }

    /// The identity of everything fed so far.
    public func finalize() -> ImageIdentity {
        var last = self
        for _ in 0..<4 { last.mix(Self.circle, Self.golden) }
        return ImageIdentity(last.left, last.right)
    }

    private static func word(of bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
    }

    /// One round.
    ///
    /// Each step can be undone, so no state is ever lost; the shifts bring the well
    /// mixed upper half of a product down to where the next product spreads it.
    private mutating func mix(_ first: UInt64, _ second: UInt64) {
        left = (left ^ first) &* Self.golden
        right = ((right ^ second) &* Self.root) &+ (left ^ (left >> 29))
        left = left &+ (right ^ (right >> 32)) &* Self.circle
    }
}
