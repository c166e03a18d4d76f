/// What a FAT volume's boot sector says, whatever it says (FAT 1.03 §3).
struct FATParameters {
    /// The first 512 bytes.
    let boot: Region

    var sectorByteCount: UInt64 { UInt64(boot.number(at: 11, UInt16.self)) }
    var clusterSectors: UInt64 { UInt64(boot.bytes[13]) }
    var reserved: UInt64 { UInt64(boot.number(at: 14, UInt16.self)) }
    var copies: UInt64 { UInt64(boot.bytes[16]) }
    var rootEntries: UInt64 { UInt64(boot.number(at: 17, UInt16.self)) }
    var shortTotal: UInt64 { UInt64(boot.number(at: 19, UInt16.self)) }
    var medium: UInt8 { boot.bytes[21] }
    private var shortFAT: UInt64 { UInt64(boot.number(at: 22, UInt16.self)) }
    var hidden: UInt32 { boot.number(at: 28) }
    private var longTotal: UInt64 { UInt64(boot.number(at: 32, UInt32.self)) }

    /// Whether the fields from offset 36 on are those of FAT32.
    var is32: Bool { shortFAT == 0 }
    var total: UInt64 { shortTotal != 0 ? shortTotal : longTotal }
    var fatSectors: UInt64 { is32 ? UInt64(boot.number(at: 36, UInt32.self)) : shortFAT }
    var rootCluster: UInt32 { boot.number(at: 44) }
    var infoSector: UInt64 { UInt64(boot.number(at: 48, UInt16.self)) }
    var backupSector: UInt64 { UInt64(boot.number(at: 50, UInt16.self)) }

    /// Where the mark of serial number, label and type name lies, and those behind it.
    private var extendedMarkOffset: Int { is32 ? 66 : 38 }
    var hasExtendedFields: Bool { boot.bytes[extendedMarkOffset] == 0x29 }
    var volumeIDOffset: Int { extendedMarkOffset + 1 }
    var labelOffset: Int { extendedMarkOffset + 5 }
    var typeNameOffset: Int { extendedMarkOffset + 16 }

    /// The sectors of the root folder of FAT12 and FAT16.
    var rootSectors: UInt64 { (rootEntries * 32 + sectorByteCount - 1) / sectorByteCount }
    /// The sectors before cluster 2.
    var dataStart: UInt64 { reserved + copies * fatSectors + rootSectors }
    var clusterByteCount: UInt64 { clusterSectors * sectorByteCount }
    /// How many clusters the data area has; 0 if there is none.
    var clusterCount: UInt64 { total > dataStart ? (total - dataStart) / clusterSectors : 0 }

    /// By the fields for FAT32, otherwise by the number of clusters, as drivers tell them apart.
    var type: FATType {
        if is32 { return .fat32 }
        return clusterCount < FATType.fat16.clusterCounts.lowerBound ? .fat12 : .fat16
    }

    /// Where a cluster starts, in bytes from the disk's start.
    func offset(ofCluster cluster: UInt32) -> UInt64 {
        boot.offset + dataStart * sectorByteCount + (UInt64(cluster) - 2) * clusterByteCount
    }

    /// Where clusters in a row lie, in bytes from the disk's start.
    func bytes(of clusters: Range<UInt32>) -> Range<UInt64> {
        let start = offset(ofCluster: clusters.lowerBound)
        return start..<start + UInt64(clusters.count) * clusterByteCount
    }

    /// Whether these are the fields of a FAT volume by all appearances.
    var looksRight: Bool {
        let jumps: Set<UInt8> = [0xEB, 0xE9]
        return jumps.contains(boot.bytes[0]) && (512...4096).contains(sectorByteCount)
            && sectorByteCount.nonzeroBitCount == 1 && clusterSectors.nonzeroBitCount == 1
            && (1...2).contains(copies) && medium >= 0xF0 && total != 0
    }
}
