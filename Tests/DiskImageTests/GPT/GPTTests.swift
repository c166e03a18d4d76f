import Testing

@testable import DiskImage

@Suite struct GPTTests {
    /// A disk with one partition, and the bytes of GPT fdisk (sgdisk) 1.0.9 for it.
    struct Disk: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var table: GUIDPartitionTable
        var header: [UInt8]
        /// The entry up to its label, which is always the same.
        var entry: [UInt8]

        init(
            _ sectorSize: SectorSize, sectors: UInt64, partition: ClosedRange<UInt64>,
            header: String, entry: String
        ) {
            testDescription = "sectors of \(sectorSize.byteCount)"
            table = GUIDPartitionTable(
                sectorSize: sectorSize, disk: SectorCount(sectors),
                diskGUID: GUID(high: 0x0123_4567_89AB_8DEF, low: 0xBEDC_BA98_7654_3210),
                partitions: [
                    GPTPartitionEntry(
                        type: GPTPartitionEntry.efiSystem,
                        guid: GUID(high: 0x0123_4567_89AB_8DEF, low: 0xBEDC_BA98_7654_3211),
                        sectors: SectorRange(
                            start: LBA(partition.lowerBound),
                            count: SectorCount(UInt64(partition.count))),
                        label: "EFI System Partition")
                ])
            self.header = bytes(hex: header)
            self.entry = bytes(hex: entry)
        }
    }

    /// `sgdisk -n 1:2048:69591 -t 1:EF00`, with the GUIDs and the label above, on a disk of 34 MiB.
    private static let disk = Disk(
        .bytes512, sectors: 69_632, partition: 2048...69_591,
        header: """
            4546492050415254 00000100 5C000000 A3165180 00000000 0100000000000000
            FF0F010000000000 2200000000000000 DE0F010000000000
            67452301AB89EF8DBEDCBA9876543210 0200000000000000 80000000 80000000 2673932E
            """,
        entry: """
            28732AC11FF8D211BA4B00A0C93EC93B 67452301AB89EF8DBEDCBA9876543211
            0008000000000000 D70F010000000000 0000000000000000
            """)

    /// The same with `-n 1:256:8447`, under Linux with a disk that QEMU gave sectors of 4 KiB.
    private static let disk4K = Disk(
        .bytes4096, sectors: 8704, partition: 256...8447,
        header: """
            4546492050415254 00000100 5C000000 4F81D834 00000000 0100000000000000
            FF21000000000000 0600000000000000 FA21000000000000
            67452301AB89EF8DBEDCBA9876543210 0200000000000000 80000000 80000000 13A55B5E
            """,
        entry: """
            28732AC11FF8D211BA4B00A0C93EC93B 67452301AB89EF8DBEDCBA9876543211
            0001000000000000 FF20000000000000 0000000000000000
            """)

    private let label = bytes(
        hex: """
            450046004900200053007900730074006500
            6D00200050006100720074006900740069006F006E00
            """)
    private let table = Self.disk.table

    @Test(arguments: [disk, disk4K])
    func `the bytes equal those of sgdisk`(disk: Disk) {
        #expect(disk.table.primary[0].bytes == disk.header)
        let entries = disk.table.primary[1].bytes
        let entry = disk.entry + label
        #expect(entries.count == 128 * 128)
        #expect(entries.starts(with: entry))
        #expect(entries.dropFirst(entry.count).allSatisfy { $0 == 0 })
    }

    @Test func `the copies need fewer sectors of 4 KiB`() {
        let table = Self.disk4K.table
        #expect(table.primary.map(\.start) == [LBA(1), LBA(2)])
        #expect(table.backup.map(\.start) == [LBA(8699), LBA(8703)])
        #expect(table.usable == SectorRange(start: LBA(6), count: SectorCount(8693)))
    }

    @Test func `both copies point to each other`() {
        let primary = header(table.primary[0].bytes)
        let backup = header(table.backup[1].bytes)
        #expect(primary.isPresent && backup.isPresent)
        #expect(primary.otherAddress == 69_631 && backup.otherAddress == 1)
        #expect(table.backup[1].start == LBA(69_631))
        #expect(backup.entriesAddress == table.backup[0].start.value)
        #expect(backup.entriesChecksum == primary.entriesChecksum)
        #expect(table.backup[0].bytes == table.primary[1].bytes)
    }

    @Test func `a header reads back as written`() {
        let header = header(Self.disk.header)
        #expect(header.isPresent && header.byteCount == 92 && header.hasUsableEntries)
        #expect(header.firstUsable == table.usable.start.value)
        #expect(header.lastUsable == table.usable.last.value)
        #expect(header.diskGUID == table.diskGUID)
        #expect(header.entryCount == 128 && header.entryByteCount == 128)
        #expect(header.computedChecksum == header.sector.number(at: 16))
    }

    private func header(_ bytes: [UInt8]) -> GPTHeaderFields {
        let sector = bytes + [UInt8](repeating: 0, count: 512 - bytes.count)
        return GPTHeaderFields(
            sector: Region(place: "GPT header", offset: 512, bytes: sector), sectorSize: .bytes512)
    }
}
