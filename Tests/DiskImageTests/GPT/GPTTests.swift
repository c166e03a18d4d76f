import Testing

@testable import DiskImage

@Suite struct GPTTests {
    private let table = GUIDPartitionTable(
        disk: SectorCount(69_632),
        diskGUID: GUID(high: 0x0123_4567_89AB_8DEF, low: 0xBEDC_BA98_7654_3210),
        partitions: [
            GPTPartitionEntry(
                type: GPTPartitionEntry.efiSystem,
                guid: GUID(high: 0x0123_4567_89AB_8DEF, low: 0xBEDC_BA98_7654_3211),
                sectors: SectorRange(start: LBA(2048), count: SectorCount(67_544)),
                label: "EFI System Partition")
        ])

    /// GPT fdisk (sgdisk) 1.0.9 wrote these with `-n 1:2048:69591 -t 1:EF00`, the GUIDs and the
    /// label above, on a disk of 34 MiB.
    private let headerOfSgdisk = bytes(
        hex: """
            4546492050415254 00000100 5C000000 A3165180 00000000 0100000000000000
            FF0F010000000000 2200000000000000 DE0F010000000000
            67452301AB89EF8DBEDCBA9876543210 0200000000000000 80000000 80000000 2673932E
            """)
    private let entryOfSgdisk = bytes(
        hex: """
            28732AC11FF8D211BA4B00A0C93EC93B 67452301AB89EF8DBEDCBA9876543211
            0008000000000000 D70F010000000000 0000000000000000
            450046004900200053007900730074006500
            6D00200050006100720074006900740069006F006E00
            """)

    @Test func bytesAreThoseOfSgdisk() {
        #expect(content(of: table.primaryExtents[0]) == headerOfSgdisk)
        let entries = content(of: table.primaryExtents[1])
        #expect(entries.count == 128 * 128)
        #expect(entries.starts(with: entryOfSgdisk))
        #expect(entries.dropFirst(entryOfSgdisk.count).allSatisfy { $0 == 0 })
    }

    @Test func bothCopiesPointAtEachOther() throws {
        let primary = try GPTHeader(decoding: content(of: table.primaryExtents[0]))
        let backup = try GPTHeader(decoding: content(of: table.backupExtents[1]))
        #expect(primary.otherAddress == backup.ownAddress)
        #expect(backup.otherAddress == primary.ownAddress)
        #expect(backup.ownAddress == LBA(69_631))
        #expect(backup.entriesAddress == table.backupExtents[0].start)
        #expect(backup.entriesChecksum == primary.entriesChecksum)
        #expect(content(of: table.backupExtents[0]) == content(of: table.primaryExtents[1]))
    }

    @Test func structuresReadBackAsWritten() throws {
        try expectRoundTrip(GPTHeader(decoding: headerOfSgdisk), size: 92)
        try expectRoundTrip(table.partitions[0], size: 128)
    }

    @Test(arguments: [
        (0, "signature"), (8, "revision"), (12, "header size"), (16, "checksum"),
        (20, "reserved"), (40, "checksum"), (80, "number of entries"), (84, "size of an entry"),
    ])
    func damagedHeaderIsRefused(offset: Int, field: String) throws {
        let header = try GPTHeader(decoding: headerOfSgdisk)
        expectRefusal(of: header, with: 0xEE, at: offset, naming: field)
    }

    @Test func partitionThatEndsBeforeItStartsIsRefused() {
        expectRefusal(of: table.partitions[0], with: 0xFF, at: 39, naming: "last sector")
    }
}
