/// The kinds of FAT, named by the width of a table's entries in bits (FAT 1.03 §3.5).
///
/// Drivers tell them apart by the number of clusters alone.
public enum FATType: Int, CaseIterable, Comparable, Sendable {
    /// Fewer than 4,085 clusters: up to 127 MiB.
    case fat12 = 12
    /// Fewer than 65,525 clusters: up to 2,047 MiB.
    case fat16 = 16
    /// More clusters; 28 bits of an entry are used.
    case fat32 = 32

    /// The name in the specification and in boot sectors, such as `FAT12`.
    public var name: String { "FAT\(rawValue)" }

    var clusterCounts: Range<UInt64> {
        switch self {
        case .fat12: 1..<4_085
        case .fat16: 4_085..<65_525
        case .fat32: 65_525..<0x0FFF_FFF5
        }
    }

    /// The numbers of clusters that are planned: 16 off each limit, as §3.5 advises, because
    /// drivers disagree on the limits.
    var plannedClusterCounts: ClosedRange<UInt64> {
        let margin: UInt64 = 16
        let counts = clusterCounts
        let least = self == .fat12 ? counts.lowerBound : counts.lowerBound + margin
        return least...(counts.upperBound - 1 - margin)
    }

    var entryBitCount: UInt64 { UInt64(rawValue) }

    /// The bits of an entry that are used; all of them set mark the last cluster of a chain.
    var mask: UInt32 { self == .fat32 ? 0x0FFF_FFFF : 1 << UInt32(rawValue) - 1 }

    /// The least value that ends a chain (§4).
    var endOfChain: UInt32 { mask & ~7 }

    var badCluster: UInt32 { mask & ~8 }

    /// The bits of FAT[1] that are clear after an unclean unmount; FAT12 has none.
    var cleanBits: UInt32 {
        switch self {
        case .fat12: 0
        case .fat16: 0xC000
        case .fat32: 0x0C00_0000
        }
    }

    /// The entries that belong to no cluster (§4.2): FAT[0] repeats the medium, FAT[1] marks the
    /// volume as clean.
    var reservedEntries: [UInt32] {
        [mask & ~0xFF | UInt32(BIOSParameterBlock.medium), mask]
    }

    /// Whether the root folder is a chain of clusters; otherwise it has an area before them.
    var hasRootInClusters: Bool { self == .fat32 }

    /// The least number: the boot sector; on FAT32 the common number, of which 8 are used.
    var minimumReserved: SectorCount { SectorCount(self == .fat32 ? 32 : 1) }

    /// Whether `left` has narrower entries.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
