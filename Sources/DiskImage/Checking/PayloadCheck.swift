/// Checks the payload of the BIOS loader: its header, and where its items lie.
struct PayloadCheck {
    /// An item that lies where it may.
    struct Item {
        let kind: PayloadKind
        /// Where it lies, in bytes from the disk's start.
        let range: Range<UInt64>
    }

    private struct Entry {
        let region: Region
        var kind: PayloadKind { PayloadKind(rawValue: region.number(at: 0)) }
        var start: UInt64 { region.number(at: 8) }
        var length: UInt64 { region.number(at: 16) }
    }

    let header: Region
    /// Where items may lie, in bytes from the disk's start.
    let room: Range<UInt64>

    private static let entriesOffset = 32
    private static let sectorSize = SectorSize.bytes512.byteCount.value

    /// The items, those outside of their room left out.
    func items(_ findings: inout ImageFindings) -> [Item] {
        findings.expect(.payloadSignature, header, at: 0, is: PayloadHeader.signature)
        guard header.number(at: 0) == PayloadHeader.signature else { return [] }
        findings.expect(.payloadVersion, header, at: 8, is: PayloadHeader.version)
        var bytes = header.bytes
        bytes.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        findings.expect(.payloadChecksum, header, at: 16, is: CRC32.checksum(bytes))
        let count: UInt32 = header.number(at: 12)
        findings.expect(
            count <= PayloadHeader.maximumEntryCount, .payloadCount, header, at: 12,
            found: "\(count)", allowed: "0…\(PayloadHeader.maximumEntryCount)")
        let entries = entries(Int(min(count, UInt32(PayloadHeader.maximumEntryCount))))
        checkReserved(entries, &findings)
        checkKinds(entries, &findings)
        let items = entries.compactMap { item($0, &findings) }
        checkOverlaps(items, &findings)
        return items.map(\.1)
    }

    private func entries(_ count: Int) -> [Entry] {
        (0..<count).map { index in
            let start = Self.entriesOffset + index * PayloadHeader.Entry.byteCount
            return Entry(
                region: header.part(
                    "payload entry \(index + 1)", start..<start + PayloadHeader.Entry.byteCount))
        }
    }

    private func checkReserved(_ entries: [Entry], _ findings: inout ImageFindings) {
        let unused = Self.entriesOffset + entries.count * PayloadHeader.Entry.byteCount
        let ranges =
            [(header, 20..<32), (header, unused..<header.bytes.count)]
            + entries.flatMap { [($0.region, 4..<8), ($0.region, 24..<32)] }
        for (region, range) in ranges where !region.isZero(range) {
            findings.expect(
                false, .payloadReserved, region, at: range.lowerBound, found: "not zero",
                allowed: "zero")
        }
    }

    private func checkKinds(_ entries: [Entry], _ findings: inout ImageFindings) {
        let known = PayloadKind.kernel.rawValue...PayloadKind.bootConfiguration.rawValue
        var seen: Set<PayloadKind> = []
        for entry in entries {
            findings.expect(
                known.contains(entry.kind.rawValue) && seen.insert(entry.kind).inserted,
                .payloadKind, entry.region, at: 0, found: "\(entry.kind.rawValue)",
                allowed: "\(known.lowerBound)…\(known.upperBound), each once")
        }
        findings.expect(
            seen.contains(.kernel), .payloadKernel, header, at: Self.entriesOffset,
            found: "none", allowed: "one")
    }

    private func item(
        _ entry: Entry, _ findings: inout ImageFindings
    ) -> (Entry, Item)? {
        let start = entry.start.multipliedSaturating(by: Self.sectorSize)
        let end = start.addingSaturating(entry.length)
        let isInside = start >= room.lowerBound && end <= room.upperBound
        findings.expect(
            isInside, .payloadRange, entry.region, at: 8,
            found: "\(entry.length) bytes from sector \(entry.start) on",
            allowed: "from byte \(room.lowerBound) on, ending before \(room.upperBound)")
        guard isInside else { return nil }
        return (entry, Item(kind: entry.kind, range: start..<end))
    }

    private func checkOverlaps(_ items: [(Entry, Item)], _ findings: inout ImageFindings) {
        for (index, (entry, item)) in items.enumerated() {
            for (_, other) in items[..<index] where item.range.overlaps(other.range) {
                findings.expect(
                    false, .payloadOverlap, entry.region, at: 8,
                    found: "on the \(other.kind)", allowed: "apart")
            }
        }
    }
}
