/// A disk's first sector as it is, valid or not (UEFI 2.10 §5.2.1).
public struct BootSector: Equatable, Sendable {
    /// One of the four partition entries.
    public struct Entry: Equatable, Sendable {
        /// Its place in the table, 1…4.
        public let number: Int
        /// Its 16 bytes.
        let region: Region
        /// The sector from which its first one is counted: 0, or a logical partition's record.
        var base: UInt64 = 0

        /// 0x80 for the partition that a BIOS starts, else 0.
        public var status: UInt8 { region.bytes[0] }
        /// The partition's type; 0 in an unused entry.
        public var type: UInt8 { region.bytes[4] }
        /// The first sector, as in the table.
        public var first: UInt32 { region.number(at: 8) }
        /// The number of sectors.
        public var sectorCount: UInt32 { region.number(at: 12) }
        /// The sector after the last.
        var end: UInt64 { start + UInt64(sectorCount) }
        /// The first sector of the disk.
        var start: UInt64 { base + UInt64(first) }

        /// Whether it is in use.
        public var isUsed: Bool { type != 0 }
        /// Whether it is marked for a BIOS to start.
        public var isActive: Bool { status == MBRPartitionEntry.active }
        /// Whether it contains logical partitions.
        var isExtended: Bool { MBRPartitionEntry.Kind.extended.contains(type) }
        /// Whether it stands for a disk that a GPT describes.
        var isProtective: Bool { type == MBRPartitionEntry.Kind.protectiveGPT.rawValue }
        /// The type as text, such as `0xDA`.
        public var typeText: String { "0x" + padded(type, to: 2, radix: 16) }
        /// Such as `Linux swap`; `nil` for an unknown type.
        public var typeName: String? { MBRPartitionEntry.Kind(rawValue: type).name }
    }

    /// The code that a BIOS would run.
    public enum Code: Equatable, Sendable {
        /// No code.
        case none
        /// This tool's code for disks that a BIOS cannot start: the BIOS tries the next disk.
        case passesOn
        /// The first part of a boot loader.
        case loader
    }

    let sector: Region
    /// The kind of code in its first 440 bytes.
    public let code: Code
    /// The four entries.
    public let entries: [Entry]

    /// Whether the sector ends in 55 AA.
    public var hasSignature: Bool {
        sector.number(at: MasterBootRecord.signatureOffset) == MasterBootRecord.signature
    }
    /// The number by which an operating system identifies the disk.
    public var diskSignature: UInt32 { sector.number(at: MasterBootRecord.bootCodeByteCount) }
    /// Whether an entry says that a GPT describes the disk.
    public var isProtective: Bool { entries.contains(where: \.isProtective) }
    /// Whether any entry is in use.
    var hasEntries: Bool { entries.contains(where: \.isUsed) }
    /// Whether it starts a disk: it ends in 55 AA, with code or entries, or the entries are sound
    /// although it does not.
    func starts(aDiskOf disk: SectorCount) -> Bool {
        if hasSignature { return hasEntries || code == .loader }
        return hasEntries
            && entries.allSatisfy { entry in
                guard entry.isUsed else { return entry.region.isZero(0..<16) }
                return entry.status & ~MBRPartitionEntry.active == 0 && entry.first > 0
                    && entry.sectorCount > 0 && entry.end <= disk.value
            }
    }
    /// Whether an entry in use is marked for a BIOS to start.
    var hasActiveEntry: Bool { entries.contains { $0.isActive && $0.isUsed } }

    /// Takes the first 512 bytes of a disk.
    init(_ sector: Region) {
        self.sector = sector
        let code = sector.bytes[..<MasterBootRecord.bootCodeByteCount]
        let last = code.lastIndex { $0 != 0 }
        self.code =
            switch last.map({ Array(code[...$0]) }) {
            case nil: .none
            case MasterBootRecord.notForBIOS: .passesOn
            default: .loader
            }
        let table = MasterBootRecord.entriesOffset..<MasterBootRecord.signatureOffset
        entries = sector.parts("MBR entry", of: MBRPartitionEntry.byteCount, in: table)
            .map { Entry(number: $0.number, region: $0.region) }
    }
}
