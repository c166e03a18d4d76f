import DiskImage
import Testing

@Suite struct FATGeometryTests {
    @Test(arguments: SectorSize.allCases, [1, 2, 4, 8, 16, 32, 64] as [UInt64])
    func everyVolumeHoldsItsTables(sectorSize: SectorSize, sectors: UInt64) {
        let cluster = SectorCount(sectors)
        for extra in 0..<UInt64(4096) {
            let volume = SectorCount(66_000 * sectors + 1024 + extra)
            check(FATGeometry(sectorSize: sectorSize, volume: volume, cluster: cluster))
        }
    }

    @Test(arguments: SectorSize.allCases, [1, 2, 8, 64] as [UInt64])
    func sufficientVolumeHasTheClusters(sectorSize: SectorSize, sectors: UInt64) {
        let cluster = SectorCount(sectors)
        for count in stride(from: UInt64(65_541), to: 66_100, by: 1) {
            let least = FATGeometry.sufficientVolume(
                sectorSize: sectorSize, clusterCount: count, cluster: cluster)
            for extra in [0, 1, 2, 7, 8, 100, 130, 2047] as [UInt64] {
                let geometry = FATGeometry(
                    sectorSize: sectorSize, volume: least + SectorCount(extra), cluster: cluster)
                #expect(geometry.clusterCount >= count, "\(count) clusters, \(extra) more sectors")
            }
        }
    }

    private func check(_ geometry: FATGeometry) {
        let perSector = geometry.sectorSize.byteCount.value / 4
        let used = geometry.dataStart.value + geometry.clusterCount * geometry.cluster.value
        #expect(used <= geometry.volume.value)
        #expect(geometry.volume.value - used < geometry.cluster.value, "a cluster is left out")
        let entries = geometry.fat.value * perSector
        #expect(entries >= geometry.clusterCount + 2, "the FAT is too short")
        #expect(entries < geometry.clusterCount + 2 + 3 * perSector, "it is too long")
        #expect((32..<40).contains(geometry.reserved.value))
        #expect(geometry.dataStart.value.isMultiple(of: geometry.sectorSize.page.value))
    }
}
