import Testing

@testable import DiskImage

@Suite struct UnitsTests {
    @Test(arguments: [(0, 0), (1, 8), (8, 8), (9, 16), (2047, 2048)] as [(UInt64, UInt64)])
    func `rounding up goes to the next page`(found: UInt64, expected: UInt64) {
        let page = SectorSize.bytes512.page
        let count = SectorCount(found).roundedUp(toMultipleOf: page)
        #expect(count == SectorCount(expected))
        #expect(LBA(found).alignedUp(to: page) == LBA(expected))
    }

    @Test(
        arguments: [
            (.bytes512, 0, 0), (.bytes512, 1, 1), (.bytes512, 512, 1), (.bytes512, 513, 2),
            (.bytes4096, 0, 0), (.bytes4096, 1, 1), (.bytes4096, 4096, 1), (.bytes4096, 4097, 2),
        ] as [(SectorSize, UInt64, UInt64)])
    func `a partly filled sector counts`(size: SectorSize, bytes: UInt64, sectors: UInt64) {
        #expect(size.sectors(holding: ByteCount(bytes)) == SectorCount(sectors))
    }

    @Test(
        arguments: [(.bytes512, 2048, 8), (.bytes4096, 256, 1)] as [(SectorSize, UInt64, UInt64)])
    func `a MiB and a page have the right number of sectors`(
        size: SectorSize, mebibyte: UInt64, page: UInt64
    ) {
        #expect(size.mebibyte == SectorCount(mebibyte))
        #expect(size.page == SectorCount(page))
        #expect(size.firstPartition == LBA(mebibyte))
        #expect(size.offset(of: size.firstPartition) == .mebibytes(1))
        #expect(size.bytes(in: size.page) == .kibibytes(4))
    }

    @Test func `overflow traps`() async {
        #expect(SectorSize.bytes512.sectors(holding: ByteCount(.max)) == SectorCount(1 << 55))
        await #expect(processExitsWith: .failure) {
            _ = ByteCount(.max).roundedUp(toMultipleOf: .kibibytes(4))
        }
        await #expect(processExitsWith: .failure) {
            _ = SectorSize.bytes4096.bytes(in: SectorCount(1 << 52))
        }
    }

    @Test func `a range ends after its last sector`() {
        let range = SectorRange(start: LBA(2048), count: SectorCount(2048))
        #expect(range.last == LBA(4095))
        #expect(range.end == LBA(4096))
        #expect(range.description == "2048–4095")
    }
}
