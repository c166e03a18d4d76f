import DiskImage
import Testing

@Suite struct EFIImageTests {
    @Test(arguments: [(.bytes512, 2048), (.bytes4096, 256)] as [(SectorSize, UInt64)])
    func volumeAndTableAgree(sectorSize: SectorSize, start: UInt64) throws {
        let layout = try Sample.efiImage(sectorSize).layOut()
        let entry = try GPTPartitionEntry(decoding: content(of: layout["GPT entries"]))
        let boot = try BIOSParameterBlock(decoding: content(of: layout["FAT32 boot sector"]))
        #expect(entry.type == GPTPartitionEntry.efiSystem)
        #expect(entry.first == LBA(start))
        #expect(boot.sectorSize == sectorSize)
        #expect(boot.hidden == SectorCount(start))
        #expect(boot.volume == entry.last - entry.first + SectorCount(1))
        #expect(content(of: layout["backup boot sector"]) == boot.encoded())
        #expect(layout["backup FSInfo"]?.content == layout["FSInfo"]?.content)
        #expect(layout["FAT 1"]?.content == layout["FAT 2"]?.content)
    }

    @Test func numbersThatNameDisksAreThere() throws {
        let layout = try Sample.efiImage.layOut()
        let record = try MasterBootRecord(decoding: content(of: layout["protective MBR"]))
        let header = try GPTHeader(decoding: content(of: layout["GPT header"]))
        let entry = try GPTPartitionEntry(decoding: content(of: layout["GPT entries"]))
        let boot = try BIOSParameterBlock(decoding: content(of: layout["FAT32 boot sector"]))
        #expect(record.diskSignature != 0)
        #expect(record.partitions.allSatisfy { !$0.isActive })
        #expect(Set([header.diskGUID, entry.guid, .unused]).count == 3)
        #expect(boot.volumeID != 0)
    }

    @Test(arguments: SectorSize.allCases)
    func freeCountIsThatOfTheTable(sectorSize: SectorSize) throws {
        let layout = try Sample.efiImage(sectorSize).layOut()
        let boot = try BIOSParameterBlock(decoding: content(of: layout["FAT32 boot sector"]))
        let info = try FSInfo(decoding: content(of: layout["FSInfo"]))
        let table = try FileAllocationTable(decoding: content(of: layout["FAT 1"]), .fat32)
        let geometry = geometry(of: boot)
        let used = table.entries.dropFirst(2).count { $0 != 0 }
        #expect(UInt64(info.freeCount) == geometry.clusterCount - UInt64(used))
        #expect(info.nextFree?.rawValue == UInt32(table.entries.count))
    }

    @Test(arguments: SectorSize.allCases)
    func everyFileStartsAtAPage(sectorSize: SectorSize) throws {
        let layout = try Sample.efiImage(sectorSize).layOut()
        for file in Sample.files where !file.bytes.isEmpty {
            let start = try #require(layout[file.path]?.start)
            #expect(start.value.isMultiple(of: sectorSize.page.value), "\(file.path)")
        }
    }

    @Test func parentOfAFolderInTheRootIsClusterZero() throws {
        let layout = try Sample.efiImage.layOut()
        let efi = content(of: layout["folder /EFI"])
        let boot = content(of: layout["folder /EFI/BOOT"])
        #expect(try DirectoryEntry(decoding: efi[32...]).firstCluster == .none)
        #expect(
            try DirectoryEntry(decoding: boot[32...]).firstCluster
                == DirectoryEntry(decoding: efi).firstCluster)
    }

    /// The content at which clusters become twice as long, for each size, and what is around it.
    @Test(arguments: [0, 33, 64, 65, 128, 256, 512, 1024, 2048, 2049, 4096] as [UInt64])
    func clustersAreTheLongestThatLeaveEnough(mebibytes: UInt64) throws {
        for around in -12...12 as ClosedRange<Int64> {
            let length = max(0, Int64(mebibytes << 20) + around * 100_000)
            let boot = try boot(ofContent: UInt64(length))
            let count = geometry(of: boot).clusterCount
            #expect(count >= FATType.fat32.plannedClusterCounts.lowerBound)
            let isLongest = boot.cluster == SectorCount(64)
            #expect(isLongest || count < 2 * 65_541 + 4096, "\(length) bytes: \(count) clusters")
            #expect((boot.volume + SectorCount(4096)).value.isMultiple(of: 2048))
        }
    }

    @Test(
        arguments: [
            (.bytes512, 1, 1, 35), (.bytes512, 1 << 30, 32, 1028),
            (.bytes4096, 1, 1, 259), (.bytes4096, 1 << 30, 4, 1028),
            (.bytes4096, 1 << 32, 8, 4101),
        ] as [(SectorSize, UInt64, UInt64, UInt64)])
    func sizeFollowsTheContent(
        sectorSize: SectorSize, length: UInt64, cluster: UInt64, mebibytes: UInt64
    ) throws {
        #expect(try boot(ofContent: length, sectorSize).cluster == SectorCount(cluster))
        let layout = try image(ofContent: length, sectorSize).layOut()
        #expect(layout.byteCount <= .mebibytes(mebibytes))
    }

    /// An image with that much content, in pieces that FAT allows.
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
            identity: Sample.identity, sectorSize: sectorSize)
    }

    private func geometry(of boot: BIOSParameterBlock) -> FATGeometry {
        FATGeometry(
            FATFormat(
                boot.type, sectorSize: boot.sectorSize, cluster: boot.cluster,
                rootEntryCount: UInt64(boot.rootEntryCount)),
            volume: boot.volume)
    }

    private func boot(
        ofContent length: UInt64, _ sectorSize: SectorSize = .bytes512
    ) throws -> BIOSParameterBlock {
        let layout = try image(ofContent: length, sectorSize).layOut()
        return try BIOSParameterBlock(decoding: content(of: layout["FAT32 boot sector"]))
    }
}
