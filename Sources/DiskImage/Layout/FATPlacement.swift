/// A volume's size, the size of its clusters, and what each cluster holds.
///
/// The volume has whole MiB, like the partition that it fills.
struct FATPlacement {
    let allocation: FATAllocation
    let geometry: FATGeometry

    /// Places a tree in the smallest volume of that type that holds it, of at least `minimum`; on
    /// FAT32, with the longest clusters of which there are enough.
    ///
    /// FAT32 needs a least number of clusters, and the longest clusters that reach it keep the
    /// tables short. Firmware reads an entry for each cluster: without a `minimum`, the volume may
    /// be up to twice as long as its content for clusters of up to 4 KiB. FAT12 and FAT16 allow a
    /// greatest number. Their tables are short anyway, so every cluster size is tried; of those
    /// that make the volume smallest the shortest is best, because it wastes the least space after
    /// files.
    init(
        _ tree: FolderTree, _ type: FATType, _ sectorSize: SectorSize,
        minimum: ByteCount = .zero
    ) throws(LayoutError) {
        let formats = try Self.formats(for: tree, type, sectorSize)
        let least = sectorSize.sectors(holding: minimum).roundedUp(
            toMultipleOf: sectorSize.mebibyte)
        if type == .fat32 {
            self = try Self.longestClusters(tree, formats, least)
        } else if let smallest = Self.smallestVolume(tree, formats, least) {
            self = smallest
        } else if let _ = Self.smallestVolume(tree, formats, SectorCount(0)) {
            throw .volumeTooLong(
                type: type, found: sectorSize.bytes(in: least),
                allowed: sectorSize.bytes(in: FATGeometry.largest(formats[0]).volume),
                alternatives: FATType.allCases.filter { other in
                    other > type && (try? Self(tree, other, sectorSize, minimum: minimum)) != nil
                })
        } else {
            throw Self.tooLong(tree, formats[0])
        }
        // The number of clusters alone determines the type.
        precondition(
            type.plannedClusterCounts.contains(geometry.clusterCount),
            "\(geometry.clusterCount) clusters are not \(type.name)")
        precondition(allocation.clusterCount <= geometry.clusterCount, "the content does not fit")
    }

    /// Places a tree in a FAT32 volume of exactly that size, with the longest clusters of which
    /// there are enough; `nil` if it does not fit.
    init?(
        _ tree: FolderTree, _ sectorSize: SectorSize, filling volume: SectorCount
    ) throws(LayoutError) {
        for format in try Self.formats(for: tree, .fat32, sectorSize) {
            let allocation = FATAllocation(tree, format)
            let geometry = FATGeometry(format, volume: volume)
            let isFAT32 = format.type.plannedClusterCounts.contains(geometry.clusterCount)
            if isFAT32, allocation.clusterCount <= geometry.clusterCount {
                self.init(allocation: allocation, geometry: geometry)
                return
            }
        }
        return nil
    }

    private init(allocation: FATAllocation, geometry: FATGeometry) {
        (self.allocation, self.geometry) = (allocation, geometry)
    }

    /// The formats with clusters of 32 KiB, 16 KiB, … one sector.
    private static func formats(
        for tree: FolderTree, _ type: FATType, _ sectorSize: SectorSize
    ) throws(LayoutError) -> [FATFormat] {
        let rootCount = tree.folders[FolderTree.root].entryCount
        let maximum = FATFormat.maximumRootEntryCount(sectorSize)
        guard type.hasRootInClusters || rootCount <= maximum else {
            throw .rootFolderTooLong(type: type, found: rootCount, allowed: Int(maximum))
        }
        let longest = sectorSize.sectors(holding: .kibibytes(32)).value
        return sequence(first: longest) { $0 / 2 }.prefix { $0 > 0 }.map { sectors in
            FATFormat(
                type, sectorSize: sectorSize, cluster: SectorCount(sectors),
                rootEntryCount: UInt64(rootCount))
        }
    }

    /// The first format with enough clusters in a volume that the content fills, or half fills with
    /// clusters of up to 4 KiB unless its size was asked for; otherwise the last one, in a volume
    /// with room for enough clusters.
    private static func longestClusters(
        _ tree: FolderTree, _ formats: [FATFormat], _ minimum: SectorCount
    ) throws(LayoutError) -> Self {
        let last = formats[formats.count - 1]
        let least = last.type.plannedClusterCounts.lowerBound
        for format in formats.dropLast() {
            let allocation = FATAllocation(tree, format)
            let filled = try geometry(format, holding: allocation.clusterCount, minimum)
            if filled.clusterCount >= least {
                return Self(allocation: allocation, geometry: filled)
            }
            let mayGrow = minimum == SectorCount(0) && format.cluster <= format.sectorSize.page
            guard mayGrow else { continue }
            let half = try geometry(format, holding: least, minimum)
            if half.volume.value <= 2 * filled.volume.value {
                return Self(allocation: allocation, geometry: half)
            }
        }
        let allocation = FATAllocation(tree, last)
        let count = max(allocation.clusterCount, least)
        return Self(allocation: allocation, geometry: try geometry(last, holding: count, minimum))
    }

    /// The volume that fills an image with room for so many clusters.
    private static func geometry(
        _ format: FATFormat, holding clusterCount: UInt64, _ minimum: SectorCount
    ) throws(LayoutError) -> FATGeometry {
        let volume = max(format.sufficientVolume(clusterCount: clusterCount), minimum)
        let size = try EFIImage.size(around: volume, format.sectorSize)
        return FATGeometry(format, volume: EFIImage.volume(in: size, format.sectorSize))
    }

    /// The smallest of all volumes with an allowed number of clusters; of several the one with the
    /// shortest clusters.
    private static func smallestVolume(
        _ tree: FolderTree, _ formats: [FATFormat], _ minimum: SectorCount
    ) -> Self? {
        let placements = formats.reversed().compactMap { format -> Self? in
            let allocation = FATAllocation(tree, format)
            let counts = format.type.plannedClusterCounts
            let needed = max(allocation.clusterCount, counts.lowerBound)
            guard needed <= counts.upperBound else { return nil }
            var geometry = smallestGeometry(format, holding: needed)
            if geometry.volume < minimum { geometry = FATGeometry(format, volume: minimum) }
            guard geometry.clusterCount <= counts.upperBound else { return nil }
            return Self(allocation: allocation, geometry: geometry)
        }
        return placements.min { $0.geometry.volume < $1.geometry.volume }
    }

    /// The smallest volume of whole MiB with so many clusters.
    private static func smallestGeometry(
        _ format: FATFormat, holding clusterCount: UInt64
    ) -> FATGeometry {
        let mebibyte = format.sectorSize.mebibyte
        let sufficient = format.sufficientVolume(clusterCount: clusterCount)
            .roundedUp(toMultipleOf: mebibyte)
        // A length from which every volume suffices may be more than the smallest one needs.
        if sufficient >= mebibyte + format.sufficientVolume(clusterCount: 1) {
            let smaller = FATGeometry(format, volume: sufficient - mebibyte)
            if smaller.clusterCount >= clusterCount { return smaller }
        }
        return FATGeometry(format, volume: sufficient)
    }

    /// The error for content that no volume can hold; `format` has the longest clusters.
    private static func tooLong(
        _ tree: FolderTree, _ format: FATFormat
    ) -> LayoutError {
        let cluster = format.sectorSize.bytes(in: format.cluster)
        let allowed = FATGeometry.largest(format).clusterCount
        let others = FATType.allCases.filter { other in
            other > format.type && (try? Self(tree, other, format.sectorSize)) != nil
        }
        return .contentTooLong(
            type: format.type,
            found: ByteCount(FATAllocation(tree, format).clusterCount * cluster.value),
            allowed: ByteCount(allowed * cluster.value), cluster: cluster, alternatives: others)
    }
}
