/// Checks a disk's first sector (UEFI 2.10 §5.2) and finds the partitions in it.
struct MBRCheck {
    /// One of the four entries, as it is.
    private struct Entry {
        let region: Region
        var status: UInt8 { region.bytes[0] }
        var type: UInt8 { region.bytes[4] }
        var start: UInt32 { region.number(at: 8) }
        var count: UInt32 { region.number(at: 12) }
        var isUsed: Bool { type != 0 }
        var end: UInt64 { UInt64(start) + UInt64(count) }
    }

    /// The first 512 bytes.
    let sector: Region
    /// The disk's size; what an image has of a last sector counts.
    let disk: SectorCount
    private let entries: [Entry]

    static let byteCount = MasterBootRecord.byteCount
    private static let entriesOffset = 446
    private static let active: UInt8 = 0x80
    private static let protective = MBRPartitionEntry.Kind.protectiveGPT.rawValue
    private static let data = MBRPartitionEntry.Kind.nonFileSystemData.rawValue
    private static let efiSystem: UInt8 = 0xEF
    /// FAT12, FAT16 and FAT32 by CHS or LBA, hidden ones among them.
    private static let fat: Set<UInt8> = [
        0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E, 0x11, 0x14, 0x16, 0x1B, 0x1C, 0x1E,
    ]

    init(_ sector: Region, disk: SectorCount) {
        self.sector = sector
        self.disk = disk
        entries = (0..<MasterBootRecord.partitionCount).map { index in
            let start = Self.entriesOffset + index * MBRPartitionEntry.byteCount
            return Entry(
                region: sector.part(
                    "MBR entry \(index + 1)", start..<start + MBRPartitionEntry.byteCount))
        }
    }

    /// Whether any entry is in use.
    var hasEntries: Bool { entries.contains { $0.isUsed } }

    /// Whether an entry says that a GPT describes the disk.
    var isProtective: Bool { entries.contains { $0.type == Self.protective } }

    /// Whether an entry is marked for a BIOS to start.
    var hasActiveEntry: Bool { entries.contains { $0.status == Self.active && $0.isUsed } }

    /// Whether there is anything for a BIOS to run.
    var hasBootCode: Bool { !sector.isZero(0..<MasterBootRecord.bootCodeByteCount) }

    /// The partitions, of which those that lie outside of the disk are left out.
    func partitions(_ findings: inout ImageFindings) -> [Partition] {
        findings.expect(.mbrSignature, sector, at: 510, is: MasterBootRecord.signature)
        for entry in entries {
            findings.expect(
                entry.status & ~Self.active == 0, .mbrStatus, entry.region, at: 0,
                found: hex(entry.status), allowed: "0x0 or 0x80")
        }
        checkActive(&findings)
        if isProtective {
            checkProtective(&findings)
            return []
        }
        let signature: UInt32 = sector.number(at: 440)
        findings.expect(
            signature != 0 || !hasEntries, .mbrDiskSignature, sector, at: 440, found: "0x0",
            allowed: "not 0")
        checkOverlaps(&findings)
        return entries.enumerated().compactMap { index, entry in
            entry.isUsed ? partition(index, entry, &findings) : nil
        }
    }

    private func checkActive(_ findings: inout ImageFindings) {
        let active = entries.filter { $0.status == Self.active }
        for entry in active.dropFirst() {
            findings.expect(
                false, .mbrActive, entry.region, at: 0, found: "0x80, like one before it",
                allowed: "0x0")
        }
    }

    /// The entry that keeps tools which know no GPT off the disk (UEFI 2.10 §5.2.3).
    private func checkProtective(_ findings: inout ImageFindings) {
        for entry in entries where entry.isUsed {
            guard entry.type == Self.protective else {
                findings.expect(
                    false, .mbrHybrid, entry.region, at: 4, found: hex(entry.type),
                    allowed: "0x0 beside 0xEE")
                continue
            }
            let whole = UInt32(clamping: disk.value - 1)
            findings.expect(.mbrProtective, entry.region, at: 8, is: UInt32(1))
            findings.expect(
                entry.count == whole || entry.count == .max, .mbrProtective, entry.region, at: 12,
                found: hex(entry.count), allowed: "\(hex(whole)) or 0xFFFFFFFF")
            findings.expect(
                entry.status == 0, .mbrProtectiveActive, entry.region, at: 0,
                found: hex(entry.status), allowed: "0x0")
        }
    }

    private func checkOverlaps(_ findings: inout ImageFindings) {
        let used = entries.filter { $0.isUsed }
        for (index, entry) in used.enumerated() {
            for other in used[..<index]
            where UInt64(entry.start) < other.end && UInt64(other.start) < entry.end {
                findings.expect(
                    false, .mbrOverlap, entry.region, at: 8,
                    found: "\(entry.start)–\(entry.end - 1)",
                    allowed: "outside of \(other.region.place), \(other.start)–\(other.end - 1)")
            }
        }
    }

    private func partition(
        _ index: Int, _ entry: Entry, _ findings: inout ImageFindings
    ) -> Partition? {
        guard entry.start > 0, entry.count > 0, entry.end <= disk.value else {
            findings.expect(
                false, .mbrRange, entry.region, at: 8,
                found: "\(entry.count) sectors from \(entry.start) on",
                allowed: "at least one, from 1 on, before sector \(disk.value)")
            return nil
        }
        checkCHS(of: entry, &findings)
        return Partition(
            number: index + 1, purpose: Self.purpose(entry.type),
            isActive: entry.status == Self.active, guid: nil,
            sectors: SectorRange(
                start: LBA(UInt64(entry.start)), count: SectorCount(UInt64(entry.count))),
            typeField: (hex(entry.type), entry.region.offset + 4))
    }

    private static func purpose(_ type: UInt8) -> Partition.Purpose {
        if type == efiSystem { return .efiSystem }
        if type == data { return .data }
        return fat.contains(type) ? .fat : .other("MBR type \(hex(type))")
    }

    /// The same place for firmware that counts cylinders; zeros and the last cylinder, which stand
    /// for what cannot be told, are left alone.
    private func checkCHS(of entry: Entry, _ findings: inout ImageFindings) {
        for (field, sector) in [(1, UInt64(entry.start)), (5, entry.end - 1)] {
            let found = Array(entry.region.bytes[field..<field + CHSAddress.byteCount])
            let allowed = CHSAddress(LBA(sector)).encoded()
            let isUntold = found == [0, 0, 0] || (found[1] >= 0xC0 && found[2] == 0xFF)
            findings.expect(
                found == allowed || isUntold, .mbrCHS, entry.region, at: field,
                found: hexDump(found), allowed: hexDump(allowed))
        }
    }
}
