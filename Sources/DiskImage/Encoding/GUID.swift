/// A globally unique identifier (RFC 9562; mixed byte order on the disk, UEFI 2.10 appendix A).
public struct GUID: DiskStructure, Hashable, Sendable, CustomStringConvertible {
    /// The upper 64 of the 128 bits, in the order of the text form.
    public let high: UInt64
    /// The lower 64 bits.
    public let low: UInt64

    /// The identifier with exactly these bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the text form, in either case; `nil` for anything else.
    public init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
        let digits = parts.joined()
        guard digits.allSatisfy(\.isHexDigit), digits.utf8.count == 32,
            let high = UInt64(digits.prefix(16), radix: 16),
            let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// A version 8 ("custom") UUID over 122 of these 128 bits (RFC 9562 §5.8).
    public init(version8Over high: UInt64, _ low: UInt64) {
        self.high = high & ~(0xF << 12) | (8 << 12)
        self.low = low & ~(0b11 << 62) | (0b10 << 62)
    }

    /// All zeros: the type of an unused partition entry.
    public static let unused = Self(high: 0, low: 0)

    package static let byteCount = 16

    // Only `encode(into:)` and `init(onDisk:)` know the mixed order: the first three fields have
    // their least significant byte first, the last eight bytes are in the order of the text.

    package func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(truncatingIfNeeded: high >> 32))
        writer.append(UInt16(truncatingIfNeeded: high >> 16))
        writer.append(UInt16(truncatingIfNeeded: high))
        writer.append(low.byteSwapped)
    }

    init(onDisk bytes: ArraySlice<UInt8>) {
        func field<Number: FixedWidthInteger & UnsignedInteger>(_ start: Int) -> Number {
            bytes.dropFirst(start).prefix(Number.bitWidth / 8).littleEndian()
        }
        let (first, second, third): (UInt32, UInt16, UInt16) = (field(0), field(4), field(6))
        high = UInt64(first) << 32 | UInt64(second) << 16 | UInt64(third)
        low = (field(8) as UInt64).byteSwapped
    }

    /// The text form in capitals, such as `C12A7328-F81F-11D2-BA4B-00A0C93EC93B`.
    public var description: String {
        var rest = [high, low].map { padded($0, to: 16, radix: 16) }.joined()[...]
        return [8, 4, 4, 4, 12].map { width in
            defer { rest = rest.dropFirst(width) }
            return rest.prefix(width)
        }.joined(separator: "-")
    }
}
