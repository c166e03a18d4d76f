import Testing

@testable import DiskImage

@Suite struct ImageLayoutTests {
    @Test func `the description is a table of regions`() {
        let layout = ImageLayout(
            sectorSize: .bytes512, size: SectorCount(2048),
            extents: [
                Extent("boot sector", at: LBA(0), .bytes([UInt8](repeating: 1, count: 512))),
                Extent("nothing", at: LBA(1), .bytes([])),
                Extent("kernel", at: LBA(8), .input(index: 0, length: ByteCount(513))),
            ])
        #expect(
            layout.description == """
                1048576 bytes, 2048 sectors of 512 bytes
                       first        last       bytes  region
                           0           0         512  boot sector
                           8           9         513  kernel
                """)
    }

    @Test func `overlap traps`() async {
        await #expect(processExitsWith: .failure) {
            let two = Content.bytes([UInt8](repeating: 1, count: 513))
            _ = ImageLayout(
                sectorSize: .bytes512, size: SectorCount(2048),
                extents: [Extent("a", at: LBA(0), two), Extent("b", at: LBA(1), two)])
        }
    }

    @Test func `passing the end traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = ImageLayout(
                sectorSize: .bytes512, size: SectorCount(1),
                extents: [Extent("a", at: LBA(1), .bytes([1]))])
        }
    }
}
