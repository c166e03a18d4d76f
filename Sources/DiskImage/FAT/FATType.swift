/// The kinds of FAT, named by the width of a table's entries in bits (FAT 1.03 §3.5).
///
/// Drivers tell them apart by the number of clusters alone.
public enum FATType: Int, CaseIterable, Comparable, Sendable {
    /// Fewer than 4,085 clusters: up to 127 MiB.
    case fat12 = 12
    /// Fewer than 65,525 clusters: up to 2,047 MiB.
    case fat16 = 16
    /// All others; 28 bits of an entry count.
    case fat32 = 32

    /// What specification and boot sectors call it, such as `FAT12`.
    public var name: String { "FAT\(rawValue)" }

    /// The numbers of clusters that make a volume this one.
    public var clusterCounts: Range<UInt64> {
        switch self {
        case .fat12: 1..<4_085
        case .fat16: 4_085..<65_525
        case .fat32: 65_525..<0x0FFF_FFF5
        }
    }

    /// The numbers that are planned: 16 off each limit, as §3.5 advises, because drivers disagree
    /// on it.
    public var plannedClusterCounts: ClosedRange<UInt64> {
        let margin: UInt64 = 16
        let counts = clusterCounts
        let least = self == .fat12 ? counts.lowerBound : counts.lowerBound + margin
        return least...(counts.upperBound - 1 - margin)
    }

    /// The width of an entry, in bits.
    var entryBitCount: UInt64 { UInt64(rawValue) }

    /// The bits of an entry that count, all of them set: the mark of a chain's last cluster too.
    var mask: UInt32 { self == .fat32 ? 0x0FFF_FFFF : 1 << UInt32(rawValue) - 1 }

    /// An entry at least this large ends a chain (§4).
    var endOfChain: UInt32 { mask & ~7 }

    /// The entries that belong to no cluster (§4.2): FAT[0] repeats the medium, FAT[1] says that
    /// the volume was left in order.
    var reservedEntries: [UInt32] {
        [mask & ~0xFF | UInt32(BIOSParameterBlock.medium), mask]
    }

    /// Whether the root folder is a chain of clusters like any other; else it has an area of its
    /// own before the first cluster.
    public var hasRootInClusters: Bool { self == .fat32 }

    /// What the reserved sectors are at least: the boot sector; on FAT32 the usual number, of which
    /// 8 are used.
    var minimumReserved: SectorCount { SectorCount(self == .fat32 ? 32 : 1) }

    /// Whether `left` has the narrower entries.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
