/// The changes to a GUID partition table when a disk is copied to a longer one: the backup belongs
/// in the last sectors, and partitions may use the space before it (UEFI 2.10 §5.3.1).
///
/// Boot code, GUIDs, entries and unknown fields stay unchanged.
package enum GPTMove {
    /// New bytes at one place.
    package struct Change: Equatable, Sendable {
        /// The structure, such as "backup GPT header".
        package let name: String
        /// Where the bytes belong, from the disk's start.
        package let offset: UInt64
        package let bytes: [UInt8]
    }

    /// Plans the changes, in order, for a copy of a sound disk on one of `disk` sectors, not fewer
    /// than its own; none if it has no GPT or the disks are equally long.
    ///
    /// Where two overlap, the later one wins: the new backup may overlap the zeros that replace the
    /// old one.
    package static func changes(
        of source: some DiskSource, sectorSize: SectorSize, to disk: SectorCount
    ) throws(DiskReadError) -> [Change] {
        let old = SectorCount(source.byteCount.value / sectorSize.byteCount.value)
        let primary = try source.gptHeader("GPT header", at: LBA(1), sectorSize)
        guard primary.isPresent, disk > old, let entries = try primary.entries(in: source) else {
            return []
        }
        let sectors = primary.tableSectors.value
        let last = disk.value - 1
        let header = header(primary, [(32, last), (48, last - sectors - 1)])
        let backup = self.header(header, [(24, last), (32, 1), (72, last - sectors)])
        let oldBackup = try source.gptHeader(
            "backup GPT header", at: LBA(primary.otherAddress), sectorSize)
        let record = BootSector(
            try source.region("protective MBR", MasterBootRecord.byteCount, at: 0))
        func change(_ name: String, _ sector: UInt64, _ bytes: [UInt8]) -> Change {
            Change(name: name, offset: sectorSize.offset(of: LBA(sector)).value, bytes: bytes)
        }
        func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
        return [
            change("protective MBR, to the new end", 0, covering(disk, record)),
            change("GPT header, to the new end", 1, header.sector.bytes),
            change(
                "zeros over the old backup GPT entries", oldBackup.entriesAddress,
                zeros(entries.bytes.count)),
            change(
                "zeros over the old backup GPT header", primary.otherAddress,
                zeros(sectorSize.rawValue)),
            change("backup GPT entries", last - sectors, entries.bytes),
            change("backup GPT header", last, backup.sector.bytes),
        ]
    }

    /// A header with other 64-bit numbers at some offsets, and the matching checksum.
    private static func header(
        _ old: GPTHeaderFields, _ fields: [(offset: Int, value: UInt64)]
    ) -> GPTHeaderFields {
        var bytes = old.sector.bytes(clearing: GPTHeaderFields.checksumField)
        for field in fields { bytes.put(field.value, at: field.offset) }
        bytes.put(CRC32.ieee.checksum(bytes.prefix(Int(old.byteCount))), at: 16)
        let sector = Region(place: old.sector.place, offset: old.sector.offset, bytes: bytes)
        return GPTHeaderFields(sector: sector, sectorSize: old.sectorSize)
    }

    /// The first sector, whose protective entry, if present, then spans the whole disk.
    private static func covering(_ disk: SectorCount, _ record: BootSector) -> [UInt8] {
        var bytes = record.sector.bytes
        let whole = MasterBootRecord.protective(sectors: disk, diskSignature: 0).partitions[0]
        for entry in record.entries where entry.isProtective && entry.first == whole.start {
            // Status and start stay unchanged.
            let start = Int(entry.region.offset - record.sector.offset)
            bytes.replaceSubrange(
                start + 4..<start + MBRPartitionEntry.byteCount, with: whole.encoded()[4...])
        }
        return bytes
    }
}
