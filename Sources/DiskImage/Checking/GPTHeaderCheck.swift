/// Checks one header of a GUID partition table (UEFI 2.10 §5.3.2, table 5.5).
struct GPTHeaderCheck {
    /// The header's sector.
    let sector: Region
    /// Where it lies, and where it must say that the other header lies.
    let own: LBA
    let other: LBA
    let disk: SectorCount
    let sectorSize: SectorSize

    private static let checksumRange = 16..<20
    /// What both copies must say alike: offset and length of each field.
    static let fieldsOfBoth = [
        (8, 4), (12, 4), (40, 8), (48, 8), (56, 16), (80, 4), (84, 4), (88, 4),
    ]

    private var headerByteCount: UInt32 { sector.number(at: 12) }
    private var firstUsable: UInt64 { sector.number(at: 40) }
    private var lastUsable: UInt64 { sector.number(at: 48) }
    var entriesAddress: UInt64 { sector.number(at: 72) }
    var entryCount: UInt32 { sector.number(at: 80) }
    var entryByteCount: UInt32 { sector.number(at: 84) }
    var entriesChecksum: UInt32 { sector.number(at: 88) }

    /// Checks every field; whether the header is one at all.
    func check(_ findings: inout ImageFindings) -> Bool {
        findings.expect(.gptSignature, sector, at: 0, is: GPTHeader.signature)
        guard sector.number(at: 0) == GPTHeader.signature else { return false }
        findings.expect(.gptRevision, sector, at: 8, is: UInt32(0x0001_0000))
        checkSizeAndChecksum(&findings)
        findings.expect(.gptReserved, sector, at: 20, is: UInt32(0))
        findings.expect(.gptOwnAddress, sector, at: 24, is: own.value)
        findings.expect(.gptOtherAddress, sector, at: 32, is: other.value)
        findings.expect(
            sector.guid(at: 56) != .unused, .gptDiskGUID, sector, at: 56,
            found: "\(GUID.unused)", allowed: "not zero")
        checkTable(&findings)
        checkUsable(&findings)
        return true
    }

    private func checkSizeAndChecksum(_ findings: inout ImageFindings) {
        let allowed = UInt32(GPTHeader.byteCount)...UInt32(sectorSize.rawValue)
        guard allowed.contains(headerByteCount) else {
            return findings.expect(
                false, .gptHeaderSize, sector, at: 12, found: "\(headerByteCount)",
                allowed: "\(allowed.lowerBound)…\(allowed.upperBound)")
        }
        var bytes = Array(sector.bytes[..<Int(headerByteCount)])
        bytes.replaceSubrange(Self.checksumRange, with: [0, 0, 0, 0])
        findings.expect(.gptHeaderChecksum, sector, at: 16, is: CRC32.checksum(bytes))
    }

    private func checkTable(_ findings: inout ImageFindings) {
        findings.expect(
            hasUsableEntrySize, .gptEntrySize, sector, at: 84, found: "\(entryByteCount)",
            allowed: "128, 256, 512 and so on")
        findings.expect(
            entryCount > 0, .gptEntryCount, sector, at: 80, found: "0", allowed: "above 0")
        guard hasUsableEntries else { return }
        let end = entriesAddress.addingSaturating(tableSectors)
        let isBackup = own > other
        let first = isBackup ? lastUsable.addingSaturating(1) : 2
        let limit = isBackup ? own.value : firstUsable
        findings.expect(
            entriesAddress >= first && end <= limit, .gptEntriesAddress, sector, at: 72,
            found: "\(entriesAddress), \(tableSectors) sectors",
            allowed: "from \(first) on, ending before \(limit)")
    }

    private func checkUsable(_ findings: inout ImageFindings) {
        findings.expect(
            firstUsable > 1 && firstUsable <= lastUsable && lastUsable < disk.value - 1,
            .gptUsable, sector, at: 40, found: "\(firstUsable)–\(lastUsable)",
            allowed: "between the tables, before sector \(disk.value - 1)")
    }

    private var hasUsableEntrySize: Bool {
        entryByteCount >= 128 && entryByteCount.nonzeroBitCount == 1
    }

    /// Whether the entries can be read at all.
    var hasUsableEntries: Bool { hasUsableEntrySize && entryCount > 0 }

    private var tableSectors: UInt64 {
        sectorSize.sectors(holding: ByteCount(UInt64(entryCount) * UInt64(entryByteCount))).value
    }

    /// Where partitions may lie, if the header says so in order; otherwise anywhere on the disk.
    var usable: SectorRange {
        guard firstUsable <= lastUsable, lastUsable < disk.value else {
            return SectorRange(start: LBA(0), count: disk)
        }
        return SectorRange(
            start: LBA(firstUsable), count: SectorCount(lastUsable - firstUsable + 1))
    }
}
