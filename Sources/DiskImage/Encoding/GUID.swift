/// A globally unique identifier (RFC 9562; mixed byte order on the disk, UEFI 2.10 appendix A).
public struct GUID: DiskStructure, Hashable, CustomStringConvertible {
    /// The upper 64 of the 128 bits, in the order of the text form.
    public let high: UInt64
    /// The lower 64 bits.
    public let low: UInt64

    /// The identifier with these bits as they are.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the text form, in capitals or not.
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

    /// A version-8 ("custom") UUID over 122 of the 128 bits given (RFC 9562 §5.8).
    public init(version8Over high: UInt64, _ low: UInt64) {
        self.high = high & ~(0xF << 12) | (8 << 12)
        self.low = low & ~(0b11 << 62) | (0b10 << 62)
    }

    /// All zeros: an unused partition entry's type.
    public static let unused = Self(high: 0, low: 0)

    /// Size on the disk.
    public static let byteCount = 16
    /// Name in errors.
    public static let name = "GUID"

    /// Appends the first three fields least significant byte first, the last eight bytes as they
    /// stand in the text: the one place that knows of the mixed order.
    public func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(truncatingIfNeeded: high >> 32))
        writer.append(UInt16(truncatingIfNeeded: high >> 16))
        writer.append(UInt16(truncatingIfNeeded: high))
        writer.append(low.byteSwapped)
    }

    /// Reads 16 bytes in the mixed order.
    public init(from reader: inout ByteReader) throws(FormatError) {
        let timeLow: UInt32 = try reader.read()
        let timeMiddle: UInt16 = try reader.read()
        let timeHigh: UInt16 = try reader.read()
        let last: UInt64 = try reader.read()
        high = UInt64(timeLow) << 32 | UInt64(timeMiddle) << 16 | UInt64(timeHigh)
        low = last.byteSwapped
    }

    /// The text form in capitals, such as `C12A7328-F81F-11D2-BA4B-00A0C93EC93B`.
    public var description: String {
        let digits = [high, low].map { word in
            let text = String(word, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        var rest = digits[...]
        return [8, 4, 4, 4, 12].map { width in
            defer { rest = rest.dropFirst(width) }
            return rest.prefix(width)
        }.joined(separator: "-")
    }
}
