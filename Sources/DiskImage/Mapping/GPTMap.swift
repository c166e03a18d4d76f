/// The places and the content of a GUID partition table (UEFI 2.10 §5.3).
public struct GPTMap: Equatable, Sendable {
    /// One of its two copies.
    public struct Copy: Equatable, Sendable {
        /// Whether it is the backup.
        public let isBackup: Bool
        /// The header's sector.
        public let header: LBA
        /// The entries, in bytes from the disk's start; empty if the header does not say where they
        /// are.
        public let entries: Range<UInt64>
        /// Whether both checksums are right.
        public let isSound: Bool
    }

    /// The disk's identifier.
    public let diskGUID: GUID
    /// The copies that were found.
    public let copies: [Copy]
    /// The partitions of the first sound copy, or of the first copy if none is sound.
    public let partitions: [DiskPartition]
}

struct GPTMapReader<Source: DiskSource> {
    let source: Source
    let sectorSize: SectorSize
    let disk: SectorCount

    private typealias Found = (copy: GPTMap.Copy, header: GPTHeaderFields, entries: Region?)

    /// Returns the table; `nil` if neither header is there.
    func table() throws(DiskReadError) -> GPTMap? {
        let last = LBA(max(disk.value, 1) - 1)
        let primary = try copy(at: LBA(1), isBackup: false)
        var backup = try copy(at: last, isBackup: true)
        // On a disk that was extended or cut, the first header says where the other was.
        if backup == nil, let other = primary?.header.otherAddress {
            backup = try copy(at: LBA(other), isBackup: true)
        }
        let found = [primary, backup].compactMap(\.self)
        guard let best = found.first(where: \.copy.isSound) ?? found.first else { return nil }
        return GPTMap(
            diskGUID: best.header.diskGUID, copies: found.map(\.copy),
            partitions: partitions(in: best))
    }

    private func copy(at address: LBA, isBackup: Bool) throws(DiskReadError) -> Found? {
        guard address > LBA(0), address.value < disk.value else { return nil }
        let header = try source.gptHeader("", at: address, sectorSize)
        guard header.isPresent else { return nil }
        let entries = try header.entries(in: source)
        let isSound =
            header.sector.number(at: GPTHeaderFields.checksumField.lowerBound)
            == header.computedChecksum
            && entries.map { CRC32.ieee.checksum($0.bytes) } == header.entriesChecksum
        let range = entries.map { $0.offset..<$0.offset + UInt64($0.bytes.count) } ?? 0..<0
        let copy = GPTMap.Copy(
            isBackup: isBackup, header: address, entries: range, isSound: isSound)
        return (copy, header, entries)
    }

    private func partitions(in found: Found) -> [DiskPartition] {
        guard let entries = found.entries else { return [] }
        let length = Int(found.header.entryByteCount)
        return entries.parts("", of: length, in: entries.bytes.indices)
            .filter { $0.region.guid(at: 0) != .unused }
            .map { DiskPartition($0.region, number: $0.number, disk: disk) }
    }
}
