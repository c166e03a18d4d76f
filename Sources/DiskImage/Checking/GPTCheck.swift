/// Checks both copies of a GUID partition table (UEFI 2.10 §5.3) and finds the partitions in it.
struct GPTCheck<Source: DiskSource> {
    let source: Source
    let sectorSize: SectorSize
    let disk: SectorCount
    let findings: ImageFindings

    private typealias Copy = (check: GPTHeaderCheck, entries: Region?)

    struct Table {
        let diskGUID: GUID
        let partitions: [Partition]

        /// The GUIDs that this library derives, by their purpose; `nil` unless they are of version
        /// 8, which other tools do not write (RFC 9562 §5.8).
        var ownGUIDs: [(purpose: String, guid: GUID)]? {
            guard let first = partitions.first?.guid else { return nil }
            let isOwn = [diskGUID, first].allSatisfy {
                $0 == GUID(version8Over: $0.high, $0.low)
            }
            return isOwn ? [("disk GUID", diskGUID), ("partition GUID", first)] : nil
        }
    }

    /// Returns the content of the first usable copy, without partitions outside of the disk.
    func table() throws(DiskReadError) -> Table? {
        let last = LBA(disk.value - 1)
        let primary = try copy("GPT header", at: LBA(1), other: last)
        let backup = try copy("backup GPT header", at: last, other: LBA(1))
        if let primary, let backup { compare(primary, backup) }
        guard let best = [primary, backup].compactMap(\.self).first(where: { $0.entries != nil }),
            let entries = best.entries
        else { return nil }
        let check = GPTEntriesCheck(
            entries: entries, entryByteCount: Int(best.check.header.entryByteCount),
            usable: best.check.usable, sectorSize: sectorSize, findings: findings)
        return Table(diskGUID: best.check.header.diskGUID, partitions: check.partitions())
    }

    private func copy(_ place: String, at address: LBA, other: LBA) throws(DiskReadError) -> Copy? {
        let header = try source.gptHeader(place, at: address, sectorSize)
        let check = GPTHeaderCheck(
            header: header, own: address, other: other, disk: disk, findings: findings)
        guard check.check() else { return nil }
        let entries = try header.entries(in: source)
        if let entries {
            let found = CRC32.ieee.checksum(entries.bytes)
            findings.expect(
                found == header.entriesChecksum, .gptEntriesChecksum, header.sector, at: 88,
                found: hex(header.entriesChecksum), allowed: "\(hex(found)), that of the entries")
        }
        return (check, entries)
    }

    private func compare(_ primary: Copy, _ backup: Copy) {
        for (field, length) in GPTHeaderCheck.fieldsOfBoth {
            let (found, allowed) = (backup.check.header.sector, primary.check.header.sector)
            let range = field..<field + length
            findings.expect(
                found.bytes[range] == allowed.bytes[range], .gptCopiesDiffer, found, at: field,
                found: hexDump(found.bytes[range]),
                allowed: "\(hexDump(allowed.bytes[range])), as in the first copy")
        }
        guard let first = primary.entries, let second = backup.entries else { return }
        findings.expect(.gptCopiesDiffer, second, equals: first, "the first copy")
    }
}
