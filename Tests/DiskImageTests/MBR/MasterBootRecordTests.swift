import Testing

@testable import DiskImage

@Suite struct MasterBootRecordTests {
    private let record = MasterBootRecord(
        bootCode: Sample.noise(440), diskSignature: 0x1234_5678,
        partitions: [
            MBRPartitionEntry(
                isActive: true, kind: .nonFileSystemData,
                sectors: SectorRange(start: LBA(2048), count: SectorCount(2048)))
        ])

    @Test func `a record reads back as written`() {
        let read = BootSector(Region(place: "", offset: 0, bytes: record.encoded()))
        #expect(read.hasSignature && read.code == .loader && read.diskSignature == 0x1234_5678)
        #expect(read.sector.bytes.prefix(440).elementsEqual(record.bootCode))
        #expect(read.entries.map(\.isUsed) == [true, false, false, false])
        let entry = read.entries[0]
        #expect(entry.isActive && entry.typeText == "0xDA" && entry.typeName == "data")
        #expect(entry.first == 2048 && entry.end == 4096)
    }

    @Test func `fields are where the specification says`() {
        let sector = record.encoded()
        #expect(sector[440..<446].elementsEqual([0x78, 0x56, 0x34, 0x12, 0, 0]))
        // By fdisk for an active partition of type DA over sectors 2048–4095.
        let entry = bytes(hex: "80 202100 DA 410100 00080000 00080000")
        #expect(Array(sector[446..<462]) == entry)
        #expect(sector[462..<510].allSatisfy { $0 == 0 })
        #expect(sector[510...].elementsEqual([0x55, 0xAA]))
    }

    @Test(
        arguments: [
            (0, "00 01 00"), (1, "00 02 00"), (62, "00 3F 00"), (63, "01 01 00"),
            (16_064, "FE 3F 00"), (16_065, "00 01 01"), (69_631, "55 11 04"),
            (1024 * 16_065 - 1, "FE FF FF"), (1024 * 16_065, "FE FF FF"), (.max, "FE FF FF"),
        ] as [(UInt64, String)])
    func `a sector has its cylinder, head and sector`(sector: UInt64, expected: String) {
        #expect(CHSAddress(LBA(sector)).encoded() == bytes(hex: expected))
    }

    @Test(
        arguments: [
            // By sgdisk on a disk of 34 MiB.
            (69_632, "00 000200 EE 551104 01000000 FF0F0100"),
            // UEFI 2.10, table 5.4: an end beyond CHS, and a length beyond 32 bits.
            (1 << 25, "00 000200 EE FFFFFF 01000000 FFFFFF01"),
            (1 << 40, "00 000200 EE FFFFFF 01000000 FFFFFFFF"),
        ] as [(UInt64, String)])
    func `the protective entry covers the disk`(sectors: UInt64, expected: String) {
        let record = MasterBootRecord.protective(
            sectors: SectorCount(sectors), diskSignature: 1)
        #expect(Array(record.encoded()[446..<462]) == bytes(hex: expected))
        #expect(record.encoded()[462..<510].allSatisfy { $0 == 0 })
    }
}
