/// A GPT header as it is on the disk, valid or not (UEFI 2.10 §5.3.2, table 5.5).
struct GPTHeaderFields {
    let sector: Region
    let sectorSize: SectorSize

    static let checksumField = 16..<20
    /// The largest table that is read: most have 128 entries, some tools write up to 1,024.
    private static let largestTable: UInt64 = 4 << 20

    var isPresent: Bool { sector.number(at: 0) == GPTHeader.signature }
    var byteCount: UInt32 { sector.number(at: 12) }
    var otherAddress: UInt64 { sector.number(at: 32) }
    var firstUsable: UInt64 { sector.number(at: 40) }
    var lastUsable: UInt64 { sector.number(at: 48) }
    var diskGUID: GUID { sector.guid(at: 56) }
    var entriesAddress: UInt64 { sector.number(at: 72) }
    var entryCount: UInt32 { sector.number(at: 80) }
    var entryByteCount: UInt32 { sector.number(at: 84) }
    var entriesChecksum: UInt32 { sector.number(at: 88) }

    /// The sizes that a header may have.
    var byteCounts: ClosedRange<UInt32> {
        UInt32(GPTHeader.byteCount)...UInt32(sectorSize.rawValue)
    }

    /// The checksum of the header's bytes; `nil` if its size is not allowed.
    var computedChecksum: UInt32? {
        guard byteCounts.contains(byteCount) else { return nil }
        return CRC32.ieee.checksum(
            sector.bytes(clearing: Self.checksumField).prefix(Int(byteCount)))
    }

    var hasUsableEntrySize: Bool { entryByteCount >= 128 && entryByteCount.nonzeroBitCount == 1 }

    var hasUsableEntries: Bool { hasUsableEntrySize && entryCount > 0 }

    private var tableByteCount: UInt64 { UInt64(entryCount) * UInt64(entryByteCount) }

    var tableSectors: SectorCount { sectorSize.sectors(holding: ByteCount(tableByteCount)) }

    /// Reads the entries; returns `nil` if the header does not say where they are.
    func entries(in source: some DiskSource) throws(DiskReadError) -> Region? {
        let offset = entriesAddress.multipliedSaturating(by: sectorSize.byteCount.value)
        guard hasUsableEntries, tableByteCount <= Self.largestTable,
            source.has(tableByteCount, at: offset)
        else { return nil }
        let place = sector.place.hasPrefix("backup") ? "backup GPT entries" : "GPT entries"
        return try source.region(place, Int(tableByteCount), at: offset)
    }
}

extension DiskSource {
    /// Reads the sector in which a GPT header may be.
    func gptHeader(
        _ place: String, at address: LBA, _ sectorSize: SectorSize
    ) throws(DiskReadError) -> GPTHeaderFields {
        let offset = address.value.multipliedSaturating(by: sectorSize.byteCount.value)
        return GPTHeaderFields(
            sector: try region(place, sectorSize.rawValue, at: offset), sectorSize: sectorSize)
    }
}
