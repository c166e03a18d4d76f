import DiskImage
import Testing

@Suite struct UnitsTests {
    @Test(arguments: [(0, 0), (1, 8), (8, 8), (9, 16), (2047, 2048)] as [(UInt64, UInt64)])
    func roundingUpGoesToTheNextPage(found: UInt64, expected: UInt64) {
        let count = SectorCount(found).roundedUp(toMultipleOf: .page)
        #expect(count == SectorCount(expected))
        #expect(LBA(found).alignedUp(to: .page) == LBA(expected))
    }

    @Test(arguments: [(0, 0), (1, 1), (512, 1), (513, 2)] as [(UInt64, UInt64)])
    func aSectorPartlyFilledIsASector(bytes: UInt64, sectors: UInt64) {
        #expect(ByteCount(bytes).sectorsRoundedUp == SectorCount(sectors))
    }

    @Test func theLargestSizesDoNotOverflowUnnoticed() async {
        #expect(ByteCount(.max).sectorsRoundedUp == SectorCount(1 << 55))
        await #expect(processExitsWith: .failure) {
            _ = ByteCount(.max).roundedUp(toMultipleOf: .sector)
        }
    }

    @Test func aRangeEndsAfterItsLastSector() {
        let range = SectorRange(start: LBA(2048), count: .mebibytes(1))
        #expect(range.last == LBA(4095))
        #expect(range.end == LBA(4096))
        #expect(range.description == "2048–4095")
    }
}
