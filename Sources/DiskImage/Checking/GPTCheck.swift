/// Checks both copies of a GUID partition table (UEFI 2.10 §5.3) and finds the partitions in it.
struct GPTCheck<Source: DiskSource> {
    let source: Source
    let sectorSize: SectorSize
    let disk: SectorCount

    /// One copy: its header and its entries, if they can be found.
    private struct Copy {
        let header: GPTHeaderCheck
        let entries: Region?
    }

    /// The largest table that is read: 128 entries are usual, tools make up to 1,024.
    private static var largestTable: UInt64 { 4 << 20 }

    /// What the table says.
    struct Table {
        let diskGUID: GUID
        let partitions: [Partition]
    }

    /// What the first copy that can be used says, partitions outside of the disk left out.
    func table(_ findings: inout ImageFindings) throws(DiskReadError) -> Table? {
        let last = LBA(disk.value - 1)
        let primary = try copy("GPT header", at: LBA(1), other: last, &findings)
        let backup = try copy("backup GPT header", at: last, other: LBA(1), &findings)
        if let primary, let backup { compare(primary, backup, &findings) }
        guard let best = [primary, backup].compactMap(\.self).first(where: { $0.entries != nil }),
            let entries = best.entries
        else { return nil }
        let check = GPTEntriesCheck(
            entries: entries, entryByteCount: Int(best.header.entryByteCount),
            usable: best.header.usable, sectorSize: sectorSize)
        return Table(
            diskGUID: best.header.sector.guid(at: 56), partitions: check.partitions(&findings))
    }

    private func copy(
        _ place: String, at address: LBA, other: LBA, _ findings: inout ImageFindings
    ) throws(DiskReadError) -> Copy? {
        let sector = try source.region(
            place, sectorSize.rawValue, at: sectorSize.offset(of: address).value)
        let header = GPTHeaderCheck(
            sector: sector, own: address, other: other, disk: disk, sectorSize: sectorSize)
        guard header.check(&findings) else { return nil }
        return Copy(header: header, entries: try entries(of: header, &findings))
    }

    /// The entries, if header and checksum agree on them.
    private func entries(
        of header: GPTHeaderCheck, _ findings: inout ImageFindings
    ) throws(DiskReadError) -> Region? {
        let count = UInt64(header.entryCount) * UInt64(header.entryByteCount)
        let offset = header.entriesAddress.multipliedSaturating(by: sectorSize.byteCount.value)
        guard header.hasUsableEntries, count <= Self.largestTable, source.has(count, at: offset)
        else { return nil }
        let place = header.sector.place.replacing(suffix: "header", with: "entries")
        let entries = try source.region(place, Int(count), at: offset)
        let found = CRC32.checksum(entries.bytes)
        findings.expect(
            found == header.entriesChecksum, .gptEntriesChecksum, header.sector, at: 88,
            found: hex(header.entriesChecksum), allowed: "\(hex(found)), that of the entries")
        return entries
    }

    private func compare(_ primary: Copy, _ backup: Copy, _ findings: inout ImageFindings) {
        for (field, length) in GPTHeaderCheck.fieldsOfBoth {
            let (found, allowed) = (backup.header.sector, primary.header.sector)
            let range = field..<field + length
            findings.expect(
                found.bytes[range] == allowed.bytes[range], .gptCopiesDiffer, found, at: field,
                found: hexDump(found.bytes[range]),
                allowed: "\(hexDump(allowed.bytes[range])), as in the first copy")
        }
        guard let first = primary.entries, let second = backup.entries,
            let difference = zip(first.bytes, second.bytes).enumerated()
                .first(where: { $0.element.0 != $0.element.1 })
        else { return }
        findings.expect(
            false, .gptCopiesDiffer, second, at: difference.offset,
            found: hex(difference.element.1),
            allowed: "\(hex(difference.element.0)), as in the first copy")
    }
}

extension String {
    /// The text with another end.
    fileprivate func replacing(suffix: String, with other: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + other : self
    }
}
