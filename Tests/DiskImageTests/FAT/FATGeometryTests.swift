import Testing

@testable import DiskImage

@Suite struct FATGeometryTests {
    /// Volumes around the least and the most planned clusters, sector by sector.
    @Test(
        arguments: SectorSize.allCases,
        [.fat12, .fat16, .fat32].flatMap { type in
            [1, 2, 4, 8, 16, 32, 64].map { (type, $0) }
        } as [(FATType, UInt64)])
    func `every volume holds its tables`(sectorSize: SectorSize, row: (FATType, UInt64)) {
        let (type, sectors) = row
        let format = FATFormat(type, sectorSize: sectorSize, cluster: SectorCount(sectors))
        let counts = type.plannedClusterCounts
        for count in [max(counts.lowerBound, 1000), min(counts.upperBound, 400_000)] {
            let volume = format.sufficientVolume(clusterCount: count)
            for extra in 0..<UInt64(2048) {
                check(FATGeometry(format, volume: volume + SectorCount(extra)))
            }
        }
    }

    @Test(arguments: FATType.allCases, SectorSize.allCases)
    func `a sufficient volume has enough clusters`(type: FATType, sectorSize: SectorSize) {
        for sectors in [1, 2, 8, 64] as [UInt64] {
            let format = FATFormat(type, sectorSize: sectorSize, cluster: SectorCount(sectors))
            let counts = type.plannedClusterCounts
            let last = min(counts.upperBound, counts.lowerBound + 600)
            for count in counts.lowerBound...last {
                let least = format.sufficientVolume(clusterCount: count)
                for extra in [0, 1, 2, 7, 8, 100, 130, 2047] as [UInt64] {
                    let geometry = FATGeometry(format, volume: least + SectorCount(extra))
                    #expect(geometry.clusterCount >= count, "\(count) clusters, +\(extra)")
                }
            }
        }
    }

    private func check(_ geometry: FATGeometry) {
        let format = geometry.format
        let cluster = format.cluster.value
        let used = geometry.dataStart.value + geometry.clusterCount * cluster
        var faults: [String] = []
        func expect(_ condition: Bool, _ fault: String) {
            if !condition { faults.append(fault) }
        }
        expect(used <= geometry.volume.value, "the clusters pass the end")
        expect(geometry.volume.value - used < cluster, "a cluster is left out")
        let bits = geometry.fat.value * format.sectorSize.byteCount.value * 8
        let needed = (geometry.clusterCount + 2) * UInt64(format.type.rawValue)
        expect(bits >= needed, "the FAT is too short")
        expect(bits < needed + 3 * format.sectorSize.byteCount.value * 8, "it is too long")
        let least: UInt64 = format.type == .fat32 ? 32 : 1
        expect((least..<least + 8).contains(geometry.reserved.value), "reserved sectors")
        expect(geometry.dataStart.value.isMultiple(of: format.sectorSize.page.value), "alignment")
        #expect(faults.isEmpty, "\(geometry): \(faults)")
    }
}
