/// Checks the payload of the BIOS loader: its header, and the places of its items.
struct PayloadCheck {
    private struct Entry {
        let region: Region
        var kind: PayloadKind { PayloadKind(rawValue: region.number(at: 0)) }
        var start: UInt64 { region.number(at: 8) }
        var length: UInt64 { region.number(at: 16) }
    }

    let header: Region
    /// Where items may be, in bytes from the disk's start.
    let room: Range<UInt64>
    let findings: ImageFindings

    /// Returns the items inside their room.
    func items() -> [Verification.Payload.Item] {
        guard findings.expect(.payloadSignature, header, at: 0, is: PayloadHeader.signature) else {
            return []
        }
        findings.expect(.payloadVersion, header, at: 8, is: PayloadHeader.version)
        let checksum = PayloadHeader.checksumField
        findings.expect(
            .payloadChecksum, header, at: checksum.lowerBound,
            is: CRC32.ieee.checksum(header.bytes(clearing: checksum)))
        let count: UInt32 = header.number(at: 12)
        findings.expect(
            count <= PayloadHeader.maximumEntryCount, .payloadCount, header, at: 12,
            found: "\(count)", allowed: "0…\(PayloadHeader.maximumEntryCount)")
        let start = PayloadHeader.entriesOffset
        let length = PayloadHeader.Entry.byteCount
        let end = start + min(Int(count), PayloadHeader.maximumEntryCount) * length
        let entries = header.parts("payload entry", of: length, in: start..<end)
            .map { Entry(region: $0.region) }
        checkReserved(entries)
        checkKinds(entries)
        let items = entries.compactMap(item)
        checkOverlaps(items)
        return items.map(\.1)
    }

    private func checkReserved(_ entries: [Entry]) {
        let start = PayloadHeader.entriesOffset
        let unused = start + entries.count * PayloadHeader.Entry.byteCount
        let ranges =
            [(header, 20..<start), (header, unused..<header.bytes.count)]
            + entries.flatMap { [($0.region, 4..<8), ($0.region, 24..<32)] }
        for (region, range) in ranges where !region.isZero(range) {
            findings.report(
                .payloadReserved, region, at: range.lowerBound, found: "not zero", allowed: "zero")
        }
    }

    private func checkKinds(_ entries: [Entry]) {
        var seen: Set<PayloadKind> = []
        for entry in entries {
            findings.expect(
                entry.kind.isKnown && seen.insert(entry.kind).inserted,
                .payloadKind, entry.region, at: 0, found: "\(entry.kind.rawValue)",
                allowed: "1…4 or 16…26, each once")
        }
        findings.expect(
            seen.contains(.kernel), .payloadKernel, header, at: PayloadHeader.entriesOffset,
            found: "none", allowed: "one")
    }

    private func item(_ entry: Entry) -> (Entry, Verification.Payload.Item)? {
        let start = entry.start.multipliedSaturating(by: SectorSize.bytes512.byteCount.value)
        let end = start.addingSaturating(entry.length)
        let isInside = findings.expect(
            start >= room.lowerBound && end <= room.upperBound, .payloadRange, entry.region, at: 8,
            found: "\(entry.length) bytes from sector \(entry.start)",
            allowed: "from byte \(room.lowerBound) and before byte \(room.upperBound)")
        guard isInside else { return nil }
        return (entry, Verification.Payload.Item(kind: entry.kind, bytes: start..<end))
    }

    private func checkOverlaps(_ items: [(Entry, Verification.Payload.Item)]) {
        for (index, (entry, item)) in items.enumerated() {
            for (_, other) in items[..<index] where item.bytes.overlaps(other.bytes) {
                findings.report(
                    .payloadOverlap, entry.region, at: 8, found: "on the \(other.kind)",
                    allowed: "apart")
            }
        }
    }
}
