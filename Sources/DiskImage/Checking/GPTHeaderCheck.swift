/// Checks one header of a GUID partition table (UEFI 2.10 §5.3.2, table 5.5).
struct GPTHeaderCheck {
    let header: GPTHeaderFields
    /// The header's sector, and the sector that it must give for the other header.
    let own: LBA
    let other: LBA
    let disk: SectorCount
    let findings: ImageFindings

    /// The fields that both copies must have alike: offset and length.
    static let fieldsOfBoth = [
        (8, 4), (12, 4), (40, 8), (48, 8), (56, 16), (80, 4), (84, 4), (88, 4),
    ]

    private var sector: Region { header.sector }

    /// Checks every field; returns whether there is a header at all.
    func check() -> Bool {
        guard findings.expect(.gptSignature, sector, at: 0, is: GPTHeader.signature) else {
            return false
        }
        findings.expect(.gptRevision, sector, at: 8, is: GPTHeader.revision)
        if let checksum = header.computedChecksum {
            findings.expect(
                .gptHeaderChecksum, sector, at: GPTHeaderFields.checksumField.lowerBound,
                is: checksum)
        } else {
            let allowed = header.byteCounts
            findings.report(
                .gptHeaderSize, sector, at: 12, found: "\(header.byteCount)",
                allowed: "\(allowed.lowerBound)…\(allowed.upperBound)")
        }
        findings.expect(.gptReserved, sector, at: 20, is: UInt32(0))
        findings.expect(.gptOwnAddress, sector, at: 24, is: own.value)
        findings.expect(.gptOtherAddress, sector, at: 32, is: other.value)
        findings.expect(
            header.diskGUID != .unused, .gptDiskGUID, sector, at: 56, found: "\(GUID.unused)",
            allowed: "not zero")
        checkTable()
        findings.expect(
            header.firstUsable > 1 && header.firstUsable <= header.lastUsable
                && header.lastUsable < disk.value - 1,
            .gptUsable, sector, at: 40, found: "\(header.firstUsable)–\(header.lastUsable)",
            allowed: "between the tables, before sector \(disk.value - 1)")
        return true
    }

    private func checkTable() {
        findings.expect(
            header.hasUsableEntrySize, .gptEntrySize, sector, at: 84,
            found: "\(header.entryByteCount)", allowed: "128, 256, 512 and so on")
        findings.expect(
            header.entryCount > 0, .gptEntryCount, sector, at: 80, found: "0", allowed: "above 0")
        guard header.hasUsableEntries else { return }
        let start = header.entriesAddress
        let sectors = header.tableSectors.value
        let isBackup = own > other
        let first = isBackup ? header.lastUsable.addingSaturating(1) : 2
        let limit = isBackup ? own.value : header.firstUsable
        findings.expect(
            start >= first && start.addingSaturating(sectors) <= limit, .gptEntriesAddress, sector,
            at: 72, found: "\(start), \(sectors) sectors",
            allowed: "at least \(first), ending before \(limit)")
    }

    /// The usable sectors if they are valid, otherwise the whole disk.
    var usable: SectorRange {
        guard header.firstUsable <= header.lastUsable, header.lastUsable < disk.value else {
            return SectorRange(start: LBA(0), count: disk)
        }
        return SectorRange(header.firstUsable..<header.lastUsable + 1)
    }
}
