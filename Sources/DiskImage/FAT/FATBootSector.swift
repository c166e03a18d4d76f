/// A FAT volume's boot sector as it is on the disk, valid or not (FAT 1.03 §3).
struct FATBootSector: Equatable, Sendable {
    /// The first 512 bytes.
    let region: Region

    var sectorByteCount: UInt64 { UInt64(region.number(at: 11, UInt16.self)) }
    var clusterSectors: UInt64 { UInt64(region.bytes[13]) }
    var reserved: UInt64 { UInt64(region.number(at: 14, UInt16.self)) }
    var copies: UInt64 { UInt64(region.bytes[16]) }
    var rootEntries: UInt64 { UInt64(region.number(at: 17, UInt16.self)) }
    var shortTotal: UInt64 { UInt64(region.number(at: 19, UInt16.self)) }
    var medium: UInt8 { region.bytes[21] }
    private var shortFAT: UInt64 { UInt64(region.number(at: 22, UInt16.self)) }
    var hidden: UInt32 { region.number(at: 28) }
    private var longTotal: UInt64 { UInt64(region.number(at: 32, UInt32.self)) }

    /// Whether the fields from offset 36 on are those of FAT32.
    var is32: Bool { shortFAT == 0 }
    var total: UInt64 { shortTotal != 0 ? shortTotal : longTotal }
    var fatSectors: UInt64 { is32 ? UInt64(region.number(at: 36, UInt32.self)) : shortFAT }
    var rootCluster: UInt32 { region.number(at: 44) }
    var infoSector: UInt64 { UInt64(region.number(at: 48, UInt16.self)) }
    var backupSector: UInt64 { UInt64(region.number(at: 50, UInt16.self)) }

    /// Where the mark of serial number, label and type name is; they follow.
    private var extendedMarkOffset: Int { is32 ? 66 : 38 }
    var hasExtendedFields: Bool {
        region.bytes[extendedMarkOffset] == BIOSParameterBlock.extendedMark
    }
    /// The serial number; 0 without one.
    var volumeID: UInt32 { hasExtendedFields ? region.number(at: extendedMarkOffset + 1) : 0 }
    var labelOffset: Int { extendedMarkOffset + 5 }
    var label: VolumeLabel {
        VolumeLabel(decoding: region.bytes[labelOffset...].prefix(ShortName.byteCount))
    }
    var typeNameOffset: Int { extendedMarkOffset + 16 }
    var typeName: String {
        String(decoding: region.bytes[typeNameOffset...].prefix(8), as: UTF8.self)
    }

    /// The sectors of the root folder of FAT12 and FAT16.
    private var rootSectors: UInt64 {
        (rootEntries * UInt64(DirectoryEntry.byteCount) + sectorByteCount - 1) / sectorByteCount
    }
    /// The sectors before cluster 2.
    var dataStart: UInt64 { reserved + copies * fatSectors + rootSectors }
    var clusterByteCount: UInt64 { clusterSectors * sectorByteCount }
    /// The number of clusters in the data area; 0 without one.
    var clusterCount: UInt64 { total > dataStart ? (total - dataStart) / clusterSectors : 0 }

    /// FAT32 by its fields, otherwise by the number of clusters, as drivers decide.
    var type: FATType {
        if is32 { return .fat32 }
        return clusterCount < FATType.fat16.clusterCounts.lowerBound ? .fat12 : .fat16
    }

    /// Where a cluster starts, in bytes from the disk's start.
    func offset(ofCluster cluster: UInt32) -> UInt64 {
        sectors(dataStart, 0).lowerBound + (UInt64(cluster) - 2) * clusterByteCount
    }

    /// Where consecutive clusters are, in bytes from the disk's start.
    func bytes(of clusters: Range<UInt32>) -> Range<UInt64> {
        let start = offset(ofCluster: clusters.lowerBound)
        return start..<start + UInt64(clusters.count) * clusterByteCount
    }

    /// Where sectors of the volume are, in bytes from the disk's start.
    func sectors(_ first: UInt64, _ count: UInt64) -> Range<UInt64> {
        let start = region.offset + first * sectorByteCount
        return start..<start + count * sectorByteCount
    }

    /// Where one of the FATs is, counted from 0, in bytes from the disk's start.
    func fat(_ index: UInt64) -> Range<UInt64> {
        sectors(reserved + index * fatSectors, fatSectors)
    }

    /// The structures before the clusters, in bytes from the disk's start.
    var structures: [(name: String, bytes: Range<UInt64>)] {
        var all = [("\(type.name) boot sector", sectors(0, 1))]
        for (name, sector) in [("FSInfo", infoSector), ("backup boot sector", backupSector)]
        where is32 && sector > 0 && sector < reserved {
            all.append((name, sectors(sector, 1)))
        }
        return all + (0..<copies).map { ("FAT \($0 + 1)", fat($0)) }
    }

    var looksRight: Bool {
        let jumps: Set<UInt8> = [0xEB, 0xE9]
        return jumps.contains(region.bytes[0]) && (512...4096).contains(sectorByteCount)
            && sectorByteCount.nonzeroBitCount == 1 && clusterSectors.nonzeroBitCount == 1
            && (1...2).contains(copies) && medium >= 0xF0 && total != 0
    }
}
