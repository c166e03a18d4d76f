/// Checks a disk's first sector (UEFI 2.10 §5.2) and finds the partitions in it.
struct MBRCheck {
    let record: BootSector
    let disk: SectorCount
    let findings: ImageFindings

    private var sector: Region { record.sector }

    /// FAT12, FAT16 and FAT32 by CHS or LBA, including hidden ones.
    private static let fat: Set<UInt8> = [
        0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E, 0x11, 0x14, 0x16, 0x1B, 0x1C, 0x1E,
    ]

    /// Returns the partitions, without those that reach past the disk.
    func partitions() -> [Partition] {
        findings.expect(.mbrSignature, sector, at: 510, is: MasterBootRecord.signature)
        for entry in record.entries {
            findings.expect(
                entry.status & ~MBRPartitionEntry.active == 0, .mbrStatus, entry.region, at: 0,
                found: hex(entry.status), allowed: "0x0 or 0x80")
        }
        for entry in record.entries.filter(\.isActive).dropFirst() {
            findings.report(
                .mbrActive, entry.region, at: 0, found: "0x80, like an earlier entry",
                allowed: "0x0")
        }
        if record.isProtective {
            checkProtective()
            return []
        }
        findings.expect(
            record.diskSignature != 0 || !record.hasEntries, .mbrDiskSignature, sector, at: 440,
            found: "0x0", allowed: "not 0")
        checkOverlaps()
        return record.entries.compactMap { $0.isUsed ? partition($0) : nil }
    }

    /// The entry that protects the disk from tools without GPT support (UEFI 2.10 §5.2.3).
    private func checkProtective() {
        for entry in record.entries where entry.isUsed {
            guard entry.isProtective else {
                findings.report(
                    .mbrHybrid, entry.region, at: 4, found: hex(entry.type),
                    allowed: "0x0 beside 0xEE")
                continue
            }
            let whole = UInt32(clamping: disk.value - 1)
            findings.expect(.mbrProtective, entry.region, at: 8, is: UInt32(1))
            findings.expect(
                entry.sectorCount == whole || entry.sectorCount == .max, .mbrProtective,
                entry.region, at: 12, found: hex(entry.sectorCount),
                allowed: "\(hex(whole)) or 0xFFFFFFFF")
            findings.expect(
                entry.status == 0, .mbrProtectiveActive, entry.region, at: 0,
                found: hex(entry.status), allowed: "0x0")
        }
    }

    private func checkOverlaps() {
        let used = record.entries.filter(\.isUsed)
        for (index, entry) in used.enumerated() {
            // That of an isohybrid image contains the whole disc, and is reported as such.
            for other in used[..<index]
            where entry.first > 0 && other.first > 0 && entry.start < other.end
                && other.start < entry.end
            {
                findings.report(
                    .mbrOverlap, entry.region, at: 8, found: "\(entry.first)–\(entry.end - 1)",
                    allowed: "outside of \(other.region.place), \(other.first)–\(other.end - 1)")
            }
        }
    }

    /// The partition of an entry, unless it reaches past the disk.
    func partition(_ entry: BootSector.Entry) -> Partition? {
        guard entry.sectorCount > 0, entry.end <= disk.value else {
            findings.report(
                .mbrRange, entry.region, at: 8,
                found: "\(entry.sectorCount) sectors from \(entry.first)",
                allowed: "at least one, before sector \(disk.value)")
            return nil
        }
        findings.expect(
            entry.start > 0, .mbrFirstSector, entry.region, at: 8, found: "0",
            allowed: "1 or more, after the boot sector")
        if entry.base == 0, entry.first > 0 { checkCHS(of: entry) }
        return Partition(
            number: entry.number, purpose: Self.purpose(entry.type), isActive: entry.isActive,
            guid: nil, sectors: SectorRange(entry.start..<entry.end),
            typeField: (hex(entry.type), entry.region.offset + 4))
    }

    private static func purpose(_ type: UInt8) -> Partition.Purpose {
        switch MBRPartitionEntry.Kind(rawValue: type) {
        case .efiSystem: .efiSystem
        case .nonFileSystemData: .data
        default: fat.contains(type) ? .fat : .other("MBR type \(hex(type))")
        }
    }

    /// Accepts zeros and the last cylinder, which stand for addresses that do not fit.
    private func checkCHS(of entry: BootSector.Entry) {
        for (field, sector) in [(1, UInt64(entry.first)), (5, entry.end - 1)] {
            let found = Array(entry.region.bytes[field..<field + CHSAddress.byteCount])
            let allowed = CHSAddress(LBA(sector)).encoded()
            let isUnset = found == [0, 0, 0] || (found[1] >= 0xC0 && found[2] == 0xFF)
            findings.expect(
                found == allowed || isUnset, .mbrCHS, entry.region, at: field,
                found: hexDump(found), allowed: hexDump(allowed))
        }
    }
}
