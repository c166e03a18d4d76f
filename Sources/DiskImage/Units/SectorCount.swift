/// A number of sectors of 512 bytes.
public struct SectorCount: Quantity, CustomStringConvertible {
    /// The number of sectors.
    public let value: UInt64

    /// A number of sectors.
    public init(_ value: UInt64) { self.value = value }

    /// So many times 2,048 sectors.
    public static func mebibytes(_ count: UInt64) -> Self { Self(count << 11) }

    /// What the sectors hold; traps above 2⁶⁴ − 1 bytes.
    public var byteCount: ByteCount { ByteCount(value * ByteCount.sector.value) }

    /// 4 KiB: the physical sector of current disks and the page of an x86-64 processor.
    public static let page = Self(8)

    /// The number with its unit, such as `2048 sectors`.
    public var description: String { value == 1 ? "1 sector" : "\(value) sectors" }
}
