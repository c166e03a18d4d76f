/// Checks the entries of a GUID partition table (UEFI 2.10 §5.3.3, table 5.6).
struct GPTEntriesCheck {
    /// One entry in use.
    private struct Entry {
        let number: Int
        let region: Region
        var type: GUID { region.guid(at: 0) }
        var guid: GUID { region.guid(at: 16) }
        var first: UInt64 { region.number(at: 32) }
        var last: UInt64 { region.number(at: 40) }
        var attributes: UInt64 { region.number(at: 48) }
    }

    let entries: Region
    let entryByteCount: Int
    let usable: SectorRange
    let sectorSize: SectorSize
    let findings: ImageFindings

    /// Bits 3 to 47 are reserved (table 5.8).
    private static let reservedAttributes: UInt64 = 0x0000_FFFF_FFFF_FFF8

    /// Returns the partitions within the usable sectors.
    func partitions() -> [Partition] {
        let place = entries.place.hasPrefix("backup") ? "backup GPT entry" : "GPT entry"
        let used = entries.parts(place, of: entryByteCount, in: entries.bytes.indices)
            .map(Entry.init).filter { $0.type != .unused }
        checkIdentifiers(of: used)
        let placed = used.filter { checkRange(of: $0) }
        checkOverlaps(of: placed)
        return placed.map { entry in
            findings.expect(
                entry.attributes & Self.reservedAttributes == 0, .gptPartitionAttributes,
                entry.region, at: 48, found: hex(entry.attributes), allowed: "bits 3–47 zero")
            return Partition(
                number: entry.number, purpose: Self.purpose(entry.type), isActive: false,
                guid: entry.guid, sectors: SectorRange(entry.first..<entry.last + 1),
                typeField: ("\(entry.type)", entry.region.offset))
        }
    }

    private static func purpose(_ type: GUID) -> Partition.Purpose {
        switch type {
        case GPTPartitionEntry.efiSystem: .efiSystem
        case GPTPartitionEntry.biosBoot: .other("BIOS boot")
        case GPTPartitionEntry.basicData: .other("basic data")
        default: .other("type \(type)")
        }
    }

    private func checkIdentifiers(of entries: [Entry]) {
        var owners: [GUID: Int] = [:]
        for entry in entries {
            findings.expect(
                entry.guid != .unused, .gptPartitionGUID, entry.region, at: 16,
                found: "\(entry.guid)", allowed: "not zero")
            if let owner = owners[entry.guid], entry.guid != .unused {
                findings.report(
                    .gptPartitionGUID, entry.region, at: 16, found: "\(entry.guid)",
                    allowed: "different from that of partition \(owner)")
            }
            owners[entry.guid] = owners[entry.guid] ?? entry.number
        }
    }

    private func checkRange(of entry: Entry) -> Bool {
        let isPlaced = findings.expect(
            entry.first <= entry.last && entry.first >= usable.start.value
                && entry.last < usable.end.value,
            .gptPartitionRange, entry.region, at: 32,
            found: "\(entry.first)–\(entry.last)", allowed: "within \(usable)")
        guard isPlaced else { return false }
        findings.expect(
            entry.first.isMultiple(of: sectorSize.page.value), .gptPartitionAlignment,
            entry.region, at: 32, found: "sector \(entry.first)", allowed: "a multiple of 4 KiB")
        return true
    }

    private func checkOverlaps(of entries: [Entry]) {
        let sorted = entries.sorted { ($0.first, $0.number) < ($1.first, $1.number) }
        for (before, entry) in zip(sorted, sorted.dropFirst()) where entry.first <= before.last {
            findings.report(
                .gptPartitionOverlap, entry.region, at: 32, found: "\(entry.first)–\(entry.last)",
                allowed: "outside of partition \(before.number), \(before.first)–\(before.last)")
        }
    }
}
