/// What changes when a disk with a GUID partition table is copied to a longer one: the backup
/// belongs into the last sectors, and partitions may use what lies before it (UEFI 2.10 §5.3.1).
///
/// Boot code, GUIDs, entries, and fields that nobody knows yet stay as they are.
public struct GPTMove: Equatable, Sendable {
    /// Bytes and where they belong, from the disk's start.
    public struct Change: Equatable, Sendable {
        /// What it is: "backup GPT header".
        public let name: String
        /// The first byte's place.
        public let offset: UInt64
        /// What is there from now on.
        public let bytes: [UInt8]
    }

    /// In an order in which a later one counts where two meet: the old backup becomes zeros, on
    /// which the new one may lie in part.
    public let changes: [Change]

    private static let (entriesOffset, protective) = (
        446, MBRPartitionEntry.Kind.protectiveGPT.rawValue
    )

    /// What to change on a copy of a sound disk with as many sectors as `disk`, at least its own;
    /// nothing where it has no GPT, or is as long already.
    ///
    /// - Throws: ``DiskReadError`` if its table cannot be read.
    public init(
        of source: some DiskSource, sectorSize: SectorSize, to disk: SectorCount
    ) throws(DiskReadError) {
        let old = SectorCount(source.byteCount.value / sectorSize.byteCount.value)
        let primary = try source.region("GPT header", sectorSize, at: 1)
        guard primary.number(at: 0) == GPTHeader.signature, disk > old else {
            changes = []
            return
        }
        let table = UInt64(primary.number(at: 80, UInt32.self))
            .multipliedSaturating(by: UInt64(primary.number(at: 84, UInt32.self)))
        let tableOffset = sectorSize.offset(of: LBA(primary.number(at: 72))).value
        let entries = try source.region("GPT entries", Int(table), at: tableOffset).bytes
        let sectors = sectorSize.sectors(holding: ByteCount(table)).value
        let last = disk.value - 1
        let header = Self.header(primary, [(32, last), (48, last - sectors - 1)])
        let backup = Self.header(header, [(24, last), (32, 1), (72, last - sectors)])
        let record = try source.region("protective MBR", MBRCheck.byteCount, at: 0)
        let oldLast: UInt64 = primary.number(at: 32)
        let oldEntries: UInt64 = try source.region("backup GPT header", sectorSize, at: oldLast)
            .number(at: 72)
        func change(_ name: String, _ sector: UInt64, _ bytes: [UInt8]) -> Change {
            Change(name: name, offset: sectorSize.offset(of: LBA(sector)).value, bytes: bytes)
        }
        func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
        changes = [
            change("protective MBR, to the new end", 0, Self.covering(disk, record)),
            change("GPT header, to the new end", 1, header.bytes),
            change("zeros, where backup GPT entries were", oldEntries, zeros(entries.count)),
            change("zeros, where the backup GPT header was", oldLast, zeros(sectorSize.rawValue)),
            change("backup GPT entries", last - sectors, entries),
            change("backup GPT header", last, backup.bytes),
        ]
    }

    /// A header with other numbers of 64 bits at some offsets, and with its right checksum.
    private static func header(_ old: Region, _ fields: [(offset: Int, value: UInt64)]) -> Region {
        var bytes = old.bytes
        for field in fields { bytes.put(field.value, at: field.offset) }
        bytes.put(UInt32(0), at: 16)
        let length = min(Int(old.number(at: 12, UInt32.self)), bytes.count)
        bytes.put(CRC32.checksum(Array(bytes[..<length])), at: 16)
        return Region(place: old.place, offset: old.offset, bytes: bytes)
    }

    /// The first sector, whose protective entry, if there is one, spans the whole disk.
    private static func covering(_ disk: SectorCount, _ record: Region) -> [UInt8] {
        var bytes = record.bytes
        let whole = MasterBootRecord.protective(sectors: disk, diskSignature: 0).partitions[0]
        for index in 0..<MasterBootRecord.partitionCount {
            let entry = entriesOffset + index * MBRPartitionEntry.byteCount
            guard bytes[entry + 4] == protective, record.number(at: entry + 8) == whole.start
            else { continue }
            // Whether it is active, and where it begins, stays.
            let end = entry + MBRPartitionEntry.byteCount
            bytes.replaceSubrange(entry + 4..<end, with: whole.encoded()[4...])
        }
        return bytes
    }
}

extension DiskSource {
    /// One sector.
    fileprivate func region(
        _ place: String, _ size: SectorSize, at sector: UInt64
    ) throws(DiskReadError) -> Region {
        let offset = sector.multipliedSaturating(by: size.byteCount.value)
        return try region(place, size.rawValue, at: offset)
    }
}

extension [UInt8] {
    /// Puts a number there, least significant byte first.
    fileprivate mutating func put(_ number: some FixedWidthInteger, at offset: Int) {
        Swift.withUnsafeBytes(of: number.littleEndian) {
            replaceSubrange(offset..<offset + $0.count, with: $0)
        }
    }
}
