import Testing

@testable import DiskImage
@testable import bootimage

/// A bar is as long as asked for, to scale, and shows what is short, too.
struct DiskBarTests {
    /// Regions of so many sectors each.
    private func regions(_ counts: [UInt64]) -> [DiskRegion] {
        var start: UInt64 = 0
        return counts.map { count in
            defer { start += count }
            return DiskRegion(
                name: "", kind: .file,
                sectors: SectorRange(start: LBA(start), count: SectorCount(count)),
                byteCount: count * 512, isCut: false, parts: [])
        }
    }

    @Test func `a bar is to scale`() {
        let bar = DiskBar(regions([100, 200, 700]), width: 100)
        #expect(bar.blocks.map(\.columns.count) == [11, 20, 69])
        #expect(bar.blocks.map(\.regions) == [0..<1, 1..<2, 2..<3])
    }

    @Test func `one sector is seen beside a million`() {
        let bar = DiskBar(regions([1, 1_000_000, 1]), width: 76)
        #expect(bar.blocks.map(\.columns) == [0..<1, 1..<75, 75..<76])
        let wide = DiskBar(regions([1, 1_000_000, 1]), width: 920, minimum: 6)
        #expect(wide.blocks.map(\.columns) == [0..<6, 6..<914, 914..<920])
    }

    @Test func `too many small ones are shown together, a large one alone`() {
        let counts =
            [UInt64](repeating: 1, count: 60) + [100_000] + [UInt64](repeating: 2, count: 40)
        let bar = DiskBar(regions(counts), width: 76)
        #expect(bar.blocks.map(\.regions) == [0..<60, 60..<61, 61..<101])
        #expect(bar.blocks.map(\.columns.count) == [1, 74, 1])
    }

    @Test(arguments: 1..<60)
    func `every region is in one block, every column has one`(_ seed: UInt64) {
        var state = seed
        let counts = (0..<Int(seed) * 2).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return 1 + (state >> 40) % (state.isMultiple(of: 3) ? 10_000 : 5)
        }
        for (width, minimum) in [(76, 1), (920, 6), (40, 4)] {
            let bar = DiskBar(regions(counts), width: width, minimum: minimum)
            #expect(bar.blocks.first?.columns.lowerBound == 0)
            #expect(bar.blocks.last?.columns.upperBound == width)
            #expect(bar.blocks.first?.regions.lowerBound == 0)
            #expect(bar.blocks.last?.regions.upperBound == counts.count)
            #expect(bar.blocks.allSatisfy { $0.columns.count >= minimum })
            for (before, block) in zip(bar.blocks, bar.blocks.dropFirst()) {
                #expect(before.columns.upperBound == block.columns.lowerBound)
                #expect(before.regions.upperBound == block.regions.lowerBound)
            }
        }
    }

    @Test func `nothing has no bar`() {
        #expect(DiskBar([], width: 76).blocks.isEmpty)
    }
}
