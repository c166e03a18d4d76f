/// A logical block address: the place of a sector, counted from 0 at the start of the disk.
///
/// How many bytes that is, the disk's ``SectorSize`` says.
public struct LBA: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of sectors before this one.
    public let value: UInt64

    /// The sector with that number.
    public init(_ value: UInt64) { self.value = value }

    /// This sector, or the next that starts a unit of `unit` sectors; traps if that overflows.
    public func alignedUp(to unit: SectorCount) -> Self {
        Self(SectorCount(value).roundedUp(toMultipleOf: unit).value)
    }

    /// The number, such as `2048`.
    public var description: String { "\(value)" }

    /// The sector so many sectors further on; traps on overflow.
    public static func + (address: Self, count: SectorCount) -> Self {
        Self(address.value + count.value)
    }

    /// The sector so many sectors before; traps below 0.
    public static func - (address: Self, count: SectorCount) -> Self {
        Self(address.value - count.value)
    }

    /// How far `end` lies after `start`; traps if it lies before.
    public static func - (end: Self, start: Self) -> SectorCount {
        SectorCount(end.value - start.value)
    }

    /// Whether `left` lies before `right`.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
