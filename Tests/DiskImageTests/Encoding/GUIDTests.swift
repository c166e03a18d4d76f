import Testing

@testable import DiskImage

@Suite struct GUIDTests {
    private let espOnDisk = bytes(hex: "28732AC1 1FF8 D211 BA4B 00A0C93EC93B")

    @Test func `the first three fields are swapped on the disk`() {
        #expect(GPTPartitionEntry.efiSystem.encoded() == espOnDisk)
        #expect(GUID(onDisk: espOnDisk[...]) == GPTPartitionEntry.efiSystem)
        #expect(GUID.byteCount == 16)
    }

    @Test func `the text is as specified`() {
        #expect(
            GPTPartitionEntry.efiSystem.description == "C12A7328-F81F-11D2-BA4B-00A0C93EC93B")
        #expect(GUID.unused.description == "00000000-0000-0000-0000-000000000000")
    }

    @Test(arguments: [(0, 0), (.max, .max), (1 << 12, 1 << 62)] as [(UInt64, UInt64)])
    func version8KeepsItsVersionAndVariant(high: UInt64, low: UInt64) {
        let guid = GUID(version8Over: high, low)
        #expect(guid.high >> 12 & 0xF == 8)
        #expect(guid.low >> 62 == 0b10)
        #expect(guid.high | 0xF000 == high | 0xF000)
        #expect(guid.low << 2 == low << 2)
    }
}
