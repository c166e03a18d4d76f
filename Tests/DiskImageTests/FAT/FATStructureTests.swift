import Testing

@testable import DiskImage

@Suite struct FATStructureTests {
    private let geometry = FATGeometry(
        FATFormat(.fat32, sectorSize: .bytes512, cluster: SectorCount(1)),
        volume: SectorCount(67_584))

    private func boot(
        _ geometry: FATGeometry, at start: LBA = LBA(2048), label: String = "BOOT IMAGE"
    ) throws -> FATBootSector {
        let block = BIOSParameterBlock(
            geometry: geometry, start: start, volumeID: 0xCAFE_F00D,
            label: try #require(VolumeLabel(label)))
        return FATBootSector(region: Region(place: "", offset: 0, bytes: block.encoded()))
    }

    private let entry = DirectoryEntry(
        shortName: ShortName(base: "KERNEL~1".utf8, extension: "".utf8), attributes: .archive,
        timestamp: .epoch,
        firstCluster: ClusterNumber(rawValue: 0x0012_3456), byteCount: 0x0102_0304)

    @Test func `structures have their sizes`() throws {
        #expect(try boot(geometry).region.bytes.count == 512)
        #expect(FSInfo(freeCount: 0, nextFree: nil).encoded().count == 512)
        #expect(entry.encoded().count == 32)
        for part in LongNameEntry.entries(of: "kernel-x86_64", for: entry.shortName) {
            #expect(part.encoded().count == 32)
        }
    }

    @Test(arguments: FATType.allCases, SectorSize.allCases)
    func `a boot sector reads back as written`(type: FATType, sectorSize: SectorSize) throws {
        let format = FATFormat(type, sectorSize: sectorSize, cluster: SectorCount(2))
        let count = type.plannedClusterCounts.lowerBound + 100
        let geometry = FATGeometry(
            format, volume: format.sufficientVolume(clusterCount: count))
        let boot = try boot(geometry)
        #expect(boot.looksRight && boot.type == type && boot.typeName.hasPrefix(type.name))
        #expect(boot.sectorByteCount == sectorSize.byteCount.value && boot.clusterSectors == 2)
        #expect(boot.total == geometry.volume.value && boot.fatSectors == geometry.fat.value)
        #expect(boot.dataStart == geometry.dataStart.value)
        #expect(boot.clusterCount == geometry.clusterCount)
        #expect(boot.hidden == 2048 && boot.volumeID == 0xCAFE_F00D)
        #expect(boot.label.description == "BOOT IMAGE")
    }

    @Test func `a directory entry reads back as written`() {
        let read = FATEntry(region: Region(place: "", offset: 0, bytes: entry.encoded()))
        #expect(read.shortName == entry.shortName && read.attributes == .archive)
        #expect(read.cluster(.fat32) == 0x0012_3456 && read.cluster(.fat16) == 0x3456)
        #expect(read.byteCount == 0x0102_0304 && read.modified == .epoch)
        #expect(!read.isDeleted && !read.isLongName)
    }

    @Test func `the parts of a long name read back as written`() {
        let name = "a name of thirty-four UTF-16 units"
        let parts = LongNameEntry.entries(of: name, for: entry.shortName).map {
            FATEntry(region: Region(place: "", offset: 0, bytes: $0.encoded()))
        }
        #expect(parts.map(\.order) == [0x43, 2, 1])
        #expect(parts.allSatisfy { $0.isLongName && $0.checksum == entry.shortName.checksum })
        let units = parts.reversed().flatMap(\.units).prefix { $0 != 0 }
        #expect(String(decoding: units, as: UTF16.self) == name)
    }

    @Test func `boot sector fields are where the specification says`() throws {
        let sector = try boot(geometry).region.bytes
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

    @Test func `bytes of other code pages in a label become question marks`() {
        #expect(VolumeLabel(decoding: [0x80] + "OOT IMAGE ".utf8).description == "?OOT IMAGE")
    }

    /// A volume of 258 MiB at 1 MiB, by mkfs.fat 4.2 with `-F 32 -S 4096 -s 1`.
    @Test func `a volume with sectors of 4 KiB equals that of mkfs`() throws {
        let geometry = FATGeometry(
            FATFormat(.fat32, sectorSize: .bytes4096, cluster: SectorCount(1)),
            volume: SectorCount(66_048))
        let sector = try boot(geometry, at: SectorSize.bytes4096.firstPartition).region.bytes
        #expect(Array(sector[11..<24]) == bytes(hex: "0010 01 2000 02 0000 0000 F8 0000"))
        #expect(
            Array(sector[28..<52])
                == bytes(hex: "00010000 00020100 41000000 0000 0000 02000000 0100 0600"))
        #expect(Array(sector[510...]) == [0x55, 0xAA])
    }

    @Test func `a directory entry is as specified`() {
        let expected = bytes(
            hex: "4B45524E454C7E31202020 20 00 00 0000 2100 2100 1200 0000 2100 5634 04030201")
        #expect(entry.encoded() == expected)
    }

    @Test func `long name entries equal those of mtools`() {
        // By mcopy of mtools 4.0.32 for `kernel-x86_64`.
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
    func `a long name has thirteen units per entry`(units: Int, count: Int) {
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

    @Test func `the table chains each run`() throws {
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
        #expect(try chain(of: table, clusters: 6) == [5, 6, 7])
    }

    /// Volumes of 4 and 32 MiB, with the sizes of mkfs.fat 4.2 with `-a -F 12 -s 4 -R 4` and
    /// `-a -F 16 -s 4 -R 8`.
    @Test(
        arguments: [
            (.fat12, 8192, "0002 04 0400 02 0002 0020 F8 0600", "00000000", "FAT12   "),
            (.fat16, 65_536, "0002 04 0800 02 0002 0000 F8 4000", "00000100", "FAT16   "),
        ] as [(FATType, UInt64, String, String, String)])
    func `FAT12 and FAT16 have shorter fields`(
        type: FATType, sectors: UInt64, fields: String, longVolume: String, name: String
    ) throws {
        let format = FATFormat(type, sectorSize: .bytes512, cluster: SectorCount(4))
        let geometry = FATGeometry(format, volume: SectorCount(sectors))
        let sector = try boot(geometry, label: "BOOT").region.bytes
        #expect(Array(sector[..<3]) == [0xEB, 0x3C, 0x90])
        #expect(Array(sector[11..<24]) == bytes(hex: fields))
        #expect(
            Array(sector[28..<43])
                == bytes(hex: "00080000 \(longVolume) 80 00 29 0DF0FECA"))
        #expect(String(decoding: sector[43..<62], as: UTF8.self) == "BOOT       \(name)")
        #expect(sector[62..<510].allSatisfy { $0 == 0 })
    }

    private struct DiskInMemory: DiskSource {
        let bytes: [UInt8]
        var byteCount: ByteCount { ByteCount(of: bytes) }

        func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
            Array(bytes[Int(offset)..<Int(offset) + count])
        }
    }

    /// The clusters of the chain from cluster 5, as the reader follows it.
    private func chain(
        of table: FileAllocationTable, clusters: UInt64
    ) throws(DiskReadError) -> [UInt32] {
        let disk = DiskInMemory(bytes: table.encoded())
        let findings = ImageFindings()
        var read = try FATTable(disk, at: 0, type: table.type, clusterCount: clusters, findings)
        let chain = read.follow(from: 5, of: "file", at: 0)
        #expect(findings.all.isEmpty)
        return chain.flatMap(\.self)
    }

    @Test(
        arguments: [
            (.fat12, "F8FFFF FF0F00 006000 07F0FF"),
            (.fat16, "F8FF FFFF FFFF 0000 0000 0600 0700 FFFF"),
        ] as [(FATType, String)])
    func `entries of each width are packed`(type: FATType, expected: String) throws {
        let table = FileAllocationTable(
            type,
            [
                ClusterRun(first: .first, count: 1), ClusterRun.none,
                ClusterRun(first: ClusterNumber(rawValue: 5), count: 3),
            ])
        #expect(table.encoded() == bytes(hex: expected))
        #expect(try chain(of: table, clusters: 6) == [5, 6, 7])
        #expect(FileAllocationTable(type, [.none]).entries.count == 2)
    }
}
