/// Where a GUID partition table lies, and what it says (UEFI 2.10 §5.3).
public struct GPTMap: Equatable, Sendable {
    /// One of its two copies.
    public struct Copy: Equatable, Sendable {
        /// Whether it is the one for when the first is lost.
        public let isBackup: Bool
        /// The header's sector.
        public let header: LBA
        /// The entries' first byte and the one behind the last, from the disk's start; empty if
        /// the header does not say where they are.
        public let entries: Range<UInt64>
        /// Whether both checksums are right.
        public let isSound: Bool
    }

    /// The disk's identifier.
    public let diskGUID: GUID
    /// Those copies that were found.
    public let copies: [Copy]
    /// What the first sound copy says, or the first of all.
    public let partitions: [DiskPartition]
}

/// Reads a table, both copies of it.
struct GPTMapReader<Source: DiskSource> {
    let source: Source
    let sectorSize: SectorSize
    let disk: SectorCount

    /// The largest table that is read, as for checking it.
    private static var largestTable: UInt64 { 4 << 20 }

    private struct Found {
        let copy: GPTMap.Copy
        let header: GPTHeaderCheck
        let entries: Region
    }

    /// The table; `nil` if neither header is there.
    func table() throws(DiskReadError) -> GPTMap? {
        let last = LBA(max(disk.value, 1) - 1)
        let primary = try copy(at: LBA(1), isBackup: false)
        var backup = try copy(at: last, isBackup: true)
        // A disk that has grown, or was cut: the first header tells where the other was.
        if backup == nil, let other = primary?.header.sector.number(at: 32, UInt64.self) {
            backup = try copy(at: LBA(other), isBackup: true)
        }
        let found = [primary, backup].compactMap(\.self)
        guard let best = found.first(where: \.copy.isSound) ?? found.first else { return nil }
        return GPTMap(
            diskGUID: best.header.sector.guid(at: 56), copies: found.map(\.copy),
            partitions: partitions(in: best))
    }

    private func copy(at address: LBA, isBackup: Bool) throws(DiskReadError) -> Found? {
        guard address > LBA(0), address.value < disk.value else { return nil }
        let sector = try source.region(
            "", sectorSize.rawValue, at: sectorSize.offset(of: address).value)
        var findings = ImageFindings()
        let other = isBackup ? LBA(1) : LBA(max(disk.value, 1) - 1)
        let header = GPTHeaderCheck(
            sector: sector, own: address, other: other, disk: disk, sectorSize: sectorSize)
        guard header.check(&findings) else { return nil }
        let count = UInt64(header.entryCount) * UInt64(header.entryByteCount)
        let start = header.entriesAddress.multipliedSaturating(by: sectorSize.byteCount.value)
        let canRead =
            header.hasUsableEntries && count <= Self.largestTable && source.has(count, at: start)
        let entries = try source.region("", canRead ? Int(count) : 0, at: start)
        let isSound =
            !findings.all.contains { [.gptHeaderChecksum, .gptHeaderSize].contains($0.rule) }
            && canRead && CRC32.checksum(entries.bytes) == header.entriesChecksum
        let range = canRead ? start..<start + count : 0..<0
        return Found(
            copy: GPTMap.Copy(
                isBackup: isBackup, header: address, entries: range, isSound: isSound),
            header: header, entries: entries)
    }

    private func partitions(in found: Found) -> [DiskPartition] {
        let length = Int(found.header.entryByteCount)
        if found.entries.bytes.isEmpty { return [] }
        return stride(from: 0, to: found.entries.bytes.count, by: length).compactMap { start in
            let entry = found.entries.part("", start..<start + length)
            if entry.guid(at: 0) == .unused { return nil }
            return DiskPartition(entry, number: start / length + 1, disk: disk)
        }
    }
}
