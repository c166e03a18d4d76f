import Testing

@testable import DiskImage

@Suite struct EFIImageTests {
    @Test(arguments: [(.bytes512, 2048), (.bytes4096, 256)] as [(SectorSize, UInt64)])
    func `volume and table agree`(sectorSize: SectorSize, start: UInt64) throws {
        let layout = try Sample.efiImage(sectorSize).layOut()
        let entry = region(layout["GPT entries"])
        let boot = bootSector(in: layout["FAT32 boot sector"])
        #expect(entry.guid(at: 0) == GPTPartitionEntry.efiSystem)
        #expect(entry.number(at: 32) == start)
        #expect(boot.sectorByteCount == sectorSize.byteCount.value)
        #expect(UInt64(boot.hidden) == start)
        #expect(boot.total == entry.number(at: 40, UInt64.self) - start + 1)
        #expect(layout["backup boot sector"]?.content == layout["FAT32 boot sector"]?.content)
        #expect(layout["backup FSInfo"]?.content == layout["FSInfo"]?.content)
        #expect(layout["FAT 1"]?.content == layout["FAT 2"]?.content)
    }

    @Test func `GUIDs and serial numbers are set`() throws {
        let layout = try Sample.efiImage.layOut()
        let record = BootSector(region(layout["protective MBR"]))
        let (header, entry) = (region(layout["GPT header"]), region(layout["GPT entries"]))
        let boot = bootSector(in: layout["FAT32 boot sector"])
        #expect(record.diskSignature != 0)
        #expect(record.entries.allSatisfy { !$0.isActive })
        #expect(Set([header.guid(at: 56), entry.guid(at: 16), .unused]).count == 3)
        #expect(boot.volumeID != 0)
    }

    @Test(arguments: SectorSize.allCases)
    func `the free count matches the table`(sectorSize: SectorSize) throws {
        let layout = try Sample.efiImage(sectorSize).layOut()
        let boot = bootSector(in: layout["FAT32 boot sector"])
        let info = content(of: layout["FSInfo"])
        let table = content(of: layout["FAT 1"])
        let entries = stride(from: 0, to: table.count, by: 4).map {
            table[$0..<$0 + 4].littleEndian(as: UInt32.self)
        }
        let used = entries.dropFirst(2).count { $0 != 0 }
        #expect(info[488..<492].littleEndian() == UInt32(boot.clusterCount) - UInt32(used))
        #expect(info[492..<496].littleEndian() == UInt32(entries.count))
    }

    @Test(arguments: SectorSize.allCases)
    func `every file starts at a page`(sectorSize: SectorSize) throws {
        let layout = try Sample.efiImage(sectorSize).layOut()
        for file in Sample.files where !file.bytes.isEmpty {
            let start = try #require(layout[file.path]?.start)
            #expect(start.value.isMultiple(of: sectorSize.page.value), "\(file.path)")
        }
    }

    @Test func `the parent of a folder in the root is cluster 0`() throws {
        let layout = try Sample.efiImage.layOut()
        let efi = content(of: layout["folder /EFI"])
        let boot = content(of: layout["folder /EFI/BOOT"])
        func cluster(_ bytes: ArraySlice<UInt8>) -> UInt32 {
            FATEntry(region: Region(place: "", offset: 0, bytes: Array(bytes))).cluster(.fat32)
        }
        #expect(cluster(efi[32...]) == 0)
        #expect(cluster(boot[32...]) == cluster(efi[...]))
    }

    /// Content sizes around those at which the cluster size doubles.
    @Test(arguments: [0, 33, 64, 65, 128, 256, 512, 1024, 2048, 2049, 4096] as [UInt64])
    func `clusters are the longest of which there are enough`(mebibytes: UInt64) throws {
        for around in -12...12 as ClosedRange<Int64> {
            let length = max(0, Int64(mebibytes << 20) + around * 100_000)
            let boot = try boot(ofContent: UInt64(length))
            let count = boot.clusterCount
            #expect(count >= FATType.fat32.plannedClusterCounts.lowerBound)
            let isLongest = boot.clusterSectors == 64
            #expect(isLongest || count < 2 * 65_541 + 4096, "\(length) bytes: \(count) clusters")
            #expect((boot.total + 4096).isMultiple(of: 2048))
        }
    }

    @Test(
        arguments: [
            (.bytes512, 1, 1, 35), (.bytes512, 31 << 20, 1, 35),
            // Of clusters up to 4 KiB, those that half fill the volume.
            (.bytes512, 40 << 20, 2, 68), (.bytes512, 64 << 20, 4, 132),
            (.bytes512, 128 << 20, 8, 260), (.bytes512, 1 << 30, 32, 1028),
            (.bytes4096, 1, 1, 259), (.bytes4096, 1 << 30, 4, 1028),
            (.bytes4096, 1 << 32, 8, 4101),
        ] as [(SectorSize, UInt64, UInt64, UInt64)])
    func `the size follows the content`(
        sectorSize: SectorSize, length: UInt64, cluster: UInt64, mebibytes: UInt64
    ) throws {
        #expect(try boot(ofContent: length, sectorSize).clusterSectors == cluster)
        let layout = try image(ofContent: length, sectorSize).layOut()
        #expect(layout.byteCount <= .mebibytes(mebibytes))
    }

    /// An image with that much content, in files that FAT allows.
    private func image(
        ofContent length: UInt64, _ sectorSize: SectorSize = .bytes512
    ) -> EFIImage {
        let piece: UInt64 = 1 << 30
        let lengths = stride(from: 0, to: max(1, length), by: Int(piece)).map {
            min(piece, length - $0)
        }
        return EFIImage(
            files: lengths.enumerated().map { index, length in
                EFIImage.File(
                    path: "PIECE\(index)", content: .input(index: 0, length: ByteCount(length)))
            },
            identity: Sample.identity, medium: .disk(sectorSize))
    }

    private func boot(
        ofContent length: UInt64, _ sectorSize: SectorSize = .bytes512
    ) throws -> FATBootSector {
        let layout = try image(ofContent: length, sectorSize).layOut()
        return bootSector(in: layout["FAT32 boot sector"])
    }
}
