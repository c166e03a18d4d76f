import Testing

@testable import DiskImage

@Suite struct FATStructureTests {
    private let geometry = FATGeometry(
        FATFormat(.fat32, sectorSize: .bytes512, cluster: SectorCount(1)),
        volume: SectorCount(67_584))

    private func boot() throws -> BIOSParameterBlock {
        BIOSParameterBlock(
            geometry, start: LBA(2048), volumeID: 0xCAFE_F00D,
            label: try #require(VolumeLabel("BOOT IMAGE")))
    }

    private let entry = DirectoryEntry(
        ShortName(base: "KERNEL~1".utf8, extension: "".utf8), .archive, timestamp: .epoch,
        firstCluster: ClusterNumber(rawValue: 0x0012_3456), byteCount: 0x0102_0304)

    @Test func structuresReadBackAsWritten() throws {
        try expectRoundTrip(boot(), size: 512)
        try expectRoundTrip(FSInfo(freeCount: 7, nextFree: .first), size: 512)
        try expectRoundTrip(FSInfo(freeCount: 0, nextFree: nil), size: 512)
        try expectRoundTrip(entry, size: 32)
        for part in LongNameEntry.entries(of: "kernel-x86_64", for: entry.shortName) {
            try expectRoundTrip(part, size: 32)
        }
    }

    @Test func bootSectorFieldsLieWhereTheSpecificationSays() throws {
        let sector = try boot().encoded()
        let expected: [(offset: Int, bytes: String)] = [
            (0, "EB 58 90"), (11, "0002"), (13, "01"), (14, "2000"), (16, "02"),
            (17, "0000 0000"), (21, "F8"), (24, "3F00 FF00"), (28, "00080000"), (32, "00080100"),
            (44, "02000000"), (48, "0100 0600"), (64, "80 00 29 0DF0FECA"), (510, "55 AA"),
        ]
        for (offset, digits) in expected {
            let field = bytes(hex: digits)
            #expect(Array(sector[offset..<(offset + field.count)]) == field, "offset \(offset)")
        }
        #expect(String(decoding: sector[71..<90], as: UTF8.self) == "BOOT IMAGE FAT32   ")
    }

    @Test func labelsOfOtherCodePagesAreReadAndWritten() throws {
        var sector = try boot().encoded()
        sector[71] = 0x80
        let boot = try BIOSParameterBlock(decoding: sector)
        #expect(boot.label.description == "?OOT IMAGE")
        try expectRoundTrip(boot, size: 512)
    }

    /// A volume of 258 MiB at 1 MiB, as mkfs.fat 4.2 makes it with `-F 32 -S 4096 -s 1`.
    @Test func sectorsOf4KiBAreCountedAsMkfsCountsThem() throws {
        let geometry = FATGeometry(
            FATFormat(.fat32, sectorSize: .bytes4096, cluster: SectorCount(1)),
            volume: SectorCount(66_048))
        let boot = BIOSParameterBlock(
            geometry, start: SectorSize.bytes4096.firstPartition, volumeID: 1,
            label: try #require(VolumeLabel("BOOT")))
        try expectRoundTrip(boot, size: 512)
        let sector = boot.encoded()
        #expect(Array(sector[11..<24]) == bytes(hex: "0010 01 2000 02 0000 0000 F8 0000"))
        #expect(
            Array(sector[28..<52])
                == bytes(hex: "00010000 00020100 41000000 0000 0000 02000000 0100 0600"))
        #expect(Array(sector[510...]) == [0x55, 0xAA])
    }

    @Test(arguments: [
        (11, "bytes per sector"), (13, "sectors per cluster"), (16, "number of FATs"),
        (17, "root entries"), (21, "medium"), (22, "extended"), (40, "flags"),
        (42, "version"),
        (48, "FSInfo"), (50, "backup"), (66, "extended"), (510, "signature"),
    ])
    func damagedBootSectorIsRefused(offset: Int, field: String) throws {
        expectRefusal(of: try boot(), with: 0x77, at: offset, naming: field)
    }

    @Test(arguments: [(0, "lead"), (484, "structure"), (511, "trail")])
    func damagedFSInfoIsRefused(offset: Int, field: String) {
        expectRefusal(
            of: FSInfo(freeCount: 1, nextFree: nil), with: 0x77, at: offset, naming: field)
    }

    @Test func directoryEntryIsThatOfTheSpecification() {
        let expected = bytes(
            hex: "4B45524E454C7E31202020 20 00 00 0000 2100 2100 1200 0000 2100 5634 04030201")
        #expect(entry.encoded() == expected)
        expectRefusal(of: entry, with: 0x0F, at: 11, naming: "attributes")
    }

    @Test func longNameEntriesAreThoseOfMtools() {
        // What mcopy of mtools 4.0.32 wrote for `kernel-x86_64`.
        let short = ShortName(base: "KERNEL~1".utf8, extension: "".utf8)
        let entries = LongNameEntry.entries(of: "kernel-x86_64", for: short)
        #expect(
            entries.map { $0.encoded() } == [
                bytes(
                    hex: """
                        41 6B00650072006E006500 0F 00 17 \
                        6C002D00780038003600 5F00 0000 36003400
                        """)
            ])
    }

    @Test(arguments: [(1, 1), (12, 1), (13, 1), (14, 2), (26, 2), (255, 20)])
    func longNameTakesThirteenUnitsAnEntry(units: Int, count: Int) {
        let name = String(repeating: "n", count: units)
        let short = ShortName(base: "N".utf8, extension: "".utf8)
        let entries = LongNameEntry.entries(of: name, for: short)
        #expect(entries.count == count)
        #expect(entries.map(\.order) == (1...UInt8(count)).reversed())
        #expect(entries.filter(\.isLast).count == 1 && entries[0].isLast)
        let all = entries.reversed().flatMap(\.units)
        #expect(String(decoding: all.prefix { $0 != 0 && $0 != 0xFFFF }, as: UTF16.self) == name)
        #expect(all.dropFirst(units + 1).allSatisfy { $0 == 0xFFFF })
    }

    @Test(arguments: [(0, "order"), (11, "attributes"), (12, "type"), (26, "cluster")])
    func damagedLongNameEntryIsRefused(offset: Int, field: String) {
        let entry = LongNameEntry.entries(of: "name", for: entry.shortName)[0]
        expectRefusal(of: entry, with: 0x77, at: offset, naming: field)
    }

    @Test func tableChainsEachRun() throws {
        let table = FileAllocationTable(
            .fat32,
            [
                ClusterRun(first: .first, count: 1), ClusterRun(first: .none, count: 0),
                ClusterRun(first: ClusterNumber(rawValue: 5), count: 3),
            ])
        #expect(
            table.encoded()
                == bytes(
                    hex: """
                        F8FFFF0F FFFFFF0F FFFFFF0F 00000000 00000000
                        06000000 07000000 FFFFFF0F
                        """))
        #expect(try FileAllocationTable(decoding: table.encoded(), .fat32) == table)
        #expect(table.chain(from: ClusterNumber(rawValue: 5)).map(\.rawValue) == [5, 6, 7])
        #expect(throws: FormatError.self) {
            try FileAllocationTable(decoding: [0, 0, 0, 0], .fat32)
        }
    }

    /// Volumes of 4 and 32 MiB, with the sizes that mkfs.fat 4.2 gives them with
    /// `-a -F 12 -s 4 -R 4` and `-a -F 16 -s 4 -R 8`.
    @Test(
        arguments: [
            (.fat12, 8192, "0002 04 0400 02 0002 0020 F8 0600", "00000000", "FAT12   "),
            (.fat16, 65_536, "0002 04 0800 02 0002 0000 F8 4000", "00000100", "FAT16   "),
        ] as [(FATType, UInt64, String, String, String)])
    func shorterTypesHaveShorterFields(
        type: FATType, sectors: UInt64, fields: String, longVolume: String, name: String
    ) throws {
        let format = FATFormat(type, sectorSize: .bytes512, cluster: SectorCount(4))
        let boot = BIOSParameterBlock(
            FATGeometry(format, volume: SectorCount(sectors)), start: LBA(2048),
            volumeID: 0xCAFE_F00D, label: try #require(VolumeLabel("BOOT")))
        try expectRoundTrip(boot, size: 512)
        let sector = boot.encoded()
        #expect(Array(sector[..<3]) == [0xEB, 0x3C, 0x90])
        #expect(Array(sector[11..<24]) == bytes(hex: fields))
        #expect(
            Array(sector[28..<43])
                == bytes(hex: "00080000 \(longVolume) 80 00 29 0DF0FECA"))
        #expect(String(decoding: sector[43..<62], as: UTF8.self) == "BOOT       \(name)")
        #expect(sector[62..<510].allSatisfy { $0 == 0 })
        expectRefusal(of: boot, with: 0x77, at: 38, naming: "extended")
        #expect(throws: FormatError.self, "too many clusters") {
            var damaged = sector
            damaged.replaceSubrange(19..<21, with: [0, 0])
            damaged.replaceSubrange(32..<36, with: [0, 0, 0, 1])
            _ = try BIOSParameterBlock(decoding: damaged)
        }
    }

    @Test(
        arguments: [
            (.fat12, "F8FFFF FF0F00 006000 07F0FF"),
            (.fat16, "F8FF FFFF FFFF 0000 0000 0600 0700 FFFF"),
        ] as [(FATType, String)])
    func entriesOfEachWidthLieSideBySide(type: FATType, expected: String) throws {
        let table = FileAllocationTable(
            type,
            [
                ClusterRun(first: .first, count: 1), ClusterRun.none,
                ClusterRun(first: ClusterNumber(rawValue: 5), count: 3),
            ])
        #expect(table.encoded() == bytes(hex: expected))
        #expect(try FileAllocationTable(decoding: table.encoded(), type) == table)
        #expect(FileAllocationTable(type, [.none]).entries.count == 2)
    }
}
