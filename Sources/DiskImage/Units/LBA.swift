/// A logical block address: the index of a sector, counted from 0 at the start of the disk.
///
/// The disk's ``SectorSize`` converts it to bytes.
public struct LBA: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of sectors before this one.
    public let value: UInt64

    /// The sector with that index.
    public init(_ value: UInt64) { self.value = value }

    /// This sector, or the next one at a multiple of `unit` sectors; traps on overflow.
    public func alignedUp(to unit: SectorCount) -> Self {
        Self(SectorCount(value).roundedUp(toMultipleOf: unit).value)
    }

    /// The index, such as `2048`.
    public var description: String { "\(value)" }

    /// The sector `count` sectors later; traps on overflow.
    public static func + (address: Self, count: SectorCount) -> Self {
        Self(address.value + count.value)
    }

    /// The sector `count` sectors earlier; traps below 0.
    public static func - (address: Self, count: SectorCount) -> Self {
        Self(address.value - count.value)
    }

    /// The number of sectors from `start` to `end`; traps if `end` comes first.
    public static func - (end: Self, start: Self) -> SectorCount {
        SectorCount(end.value - start.value)
    }

    /// Whether `left` lies before `right`.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Consecutive sectors of a disk.
public struct SectorRange: Hashable, Sendable, CustomStringConvertible {
    /// The first sector.
    public let start: LBA
    /// The number of sectors; may be 0.
    public let count: SectorCount

    /// `count` sectors from `start`; traps if the end overflows.
    public init(start: LBA, count: SectorCount) {
        precondition(start.value <= .max - count.value, "a range's end must be an address")
        self.start = start
        self.count = count
    }

    /// The sectors with these indices.
    init(_ sectors: Range<UInt64>) {
        self.init(
            start: LBA(sectors.lowerBound),
            count: SectorCount(sectors.upperBound - sectors.lowerBound))
    }

    /// The sector after the last.
    public var end: LBA { start + count }

    /// The last sector; traps in an empty range at 0.
    public var last: LBA { end - SectorCount(1) }

    /// First and last sector, such as `2048–4095`.
    public var description: String { count == .zero ? "none" : "\(start)–\(last)" }
}
