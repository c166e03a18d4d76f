import DiskImage
import Testing

@Suite struct FATGeometryTests {
    @Test(arguments: [1, 2, 4, 8, 16, 32, 64] as [UInt64])
    func everyVolumeHoldsItsTables(sectors: UInt64) {
        let cluster = SectorCount(sectors)
        for extra in 0..<UInt64(4096) {
            let volume = SectorCount(66_000 * sectors + 1024 + extra)
            check(FATGeometry(volume: volume, cluster: cluster))
        }
    }

    @Test(arguments: [1, 2, 8, 64] as [UInt64])
    func sufficientVolumeHasTheClusters(sectors: UInt64) {
        let cluster = SectorCount(sectors)
        for count in stride(from: UInt64(65_541), to: 66_100, by: 1) {
            let least = FATGeometry.sufficientVolume(clusterCount: count, cluster: cluster)
            for extra in [0, 1, 2, 7, 8, 100, 130, 2047] as [UInt64] {
                let geometry = FATGeometry(volume: least + SectorCount(extra), cluster: cluster)
                #expect(geometry.clusterCount >= count, "\(count) clusters, \(extra) more sectors")
            }
        }
    }

    private func check(_ geometry: FATGeometry) {
        let used = geometry.dataStart.value + geometry.clusterCount * geometry.cluster.value
        #expect(used <= geometry.volume.value)
        #expect(geometry.volume.value - used < geometry.cluster.value, "a cluster is left out")
        #expect(geometry.fat.value * 128 >= geometry.clusterCount + 2, "the FAT is too short")
        #expect(geometry.fat.value * 128 < geometry.clusterCount + 2 + 3 * 128, "it is too long")
        #expect((32..<40).contains(geometry.reserved.value))
        #expect(geometry.dataStart.value.isMultiple(of: SectorCount.page.value))
    }
}
