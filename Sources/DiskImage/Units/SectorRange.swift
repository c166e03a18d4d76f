/// A run of sectors on the disk.
public struct SectorRange: Hashable, Sendable, CustomStringConvertible {
    /// The first sector.
    public let start: LBA
    /// How many sectors; may be 0.
    public let count: SectorCount

    /// `count` sectors from `start` on; traps if the end overflows.
    public init(start: LBA, count: SectorCount) {
        precondition(start.value <= .max - count.value, "a range's end must be an address")
        self.start = start
        self.count = count
    }

    /// The sector after the last.
    public var end: LBA { start + count }

    /// The last sector; traps in an empty range at 0.
    public var last: LBA { end - SectorCount(1) }

    /// First and last sector, such as `2048–4095`.
    public var description: String { count == .zero ? "none" : "\(start)–\(last)" }
}
