/// A broken rule on a kernel that a board's firmware loads as a flat file.
public enum FlatViolation: Equatable, Sendable {
    /// The kernel is not for AArch64.
    case architecture(Architecture, WordSize)
    /// The kernel is position-independent, and nothing applies its relocations.
    case positionIndependent
    /// The lowest segment with bytes is elsewhere than firmware loads a file.
    case address(SegmentID, UInt64, allowed: UInt64)
    /// The lowest segment with bytes is not where the header says, modulo 2 MiB.
    case imageAddress(SegmentID, UInt64, textOffset: UInt64)
    /// The header says that the kernel takes less memory than its segments.
    case imageSize(UInt64, needed: UInt64)
    /// `e_entry` is not the first byte's address; `nil` if it is in no segment.
    case entry(UInt64, physical: UInt64?, allowed: UInt64)
    /// The segments lie so far apart that the file would be mostly zeroes.
    case gaps(byteCount: UInt64, limit: UInt64)
    /// The memory of the segments ends above the limit, or beyond 64 bits.
    case memory(SegmentID, address: UInt64, byteCount: UInt64, limit: UInt64)
}
