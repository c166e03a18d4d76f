/// Checks both copies of a GUID partition table (UEFI 2.10 §5.3) and finds the partitions in it.
struct GPTCheck<Source: DiskSource> {
    let source: Source
    let sectorSize: SectorSize
    let disk: SectorCount

    private struct Copy {
        let check: GPTHeaderCheck
        let entries: Region?
    }

    struct Table {
        let diskGUID: GUID
        let partitions: [Partition]
    }

    /// Returns the content of the first usable copy, without partitions outside of the disk.
    func table(_ findings: inout ImageFindings) throws(DiskReadError) -> Table? {
        let last = LBA(disk.value - 1)
        let primary = try copy("GPT header", at: LBA(1), other: last, &findings)
        let backup = try copy("backup GPT header", at: last, other: LBA(1), &findings)
        if let primary, let backup { compare(primary, backup, &findings) }
        guard let best = [primary, backup].compactMap(\.self).first(where: { $0.entries != nil }),
            let entries = best.entries
        else { return nil }
        let check = GPTEntriesCheck(
            entries: entries, entryByteCount: Int(best.check.header.entryByteCount),
            usable: best.check.usable, sectorSize: sectorSize)
        return Table(
            diskGUID: best.check.header.diskGUID, partitions: check.partitions(&findings))
    }

    private func copy(
        _ place: String, at address: LBA, other: LBA, _ findings: inout ImageFindings
    ) throws(DiskReadError) -> Copy? {
        let header = try source.gptHeader(place, at: address, sectorSize)
        let check = GPTHeaderCheck(header: header, own: address, other: other, disk: disk)
        guard check.check(&findings) else { return nil }
        let entries = try header.entries(in: source)
        if let entries {
            let found = CRC32.ieee.checksum(entries.bytes)
            findings.expect(
                found == header.entriesChecksum, .gptEntriesChecksum, header.sector, at: 88,
                found: hex(header.entriesChecksum), allowed: "\(hex(found)), that of the entries")
        }
        return Copy(check: check, entries: entries)
    }

    private func compare(_ primary: Copy, _ backup: Copy, _ findings: inout ImageFindings) {
        for (field, length) in GPTHeaderCheck.fieldsOfBoth {
            let (found, allowed) = (backup.check.header.sector, primary.check.header.sector)
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
        findings.report(
            .gptCopiesDiffer, second, at: difference.offset, found: hex(difference.element.1),
            allowed: "\(hex(difference.element.0)), as in the first copy")
    }
}
