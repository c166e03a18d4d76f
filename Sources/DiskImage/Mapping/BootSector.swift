/// A disk's first sector as it is, whatever it holds (UEFI 2.10 §5.2.1).
public struct BootSector: Equatable, Sendable {
    /// One of the four partition entries.
    public struct Entry: Equatable, Sendable {
        /// Its place, 1…4.
        public let number: Int
        /// 0x80 for the partition that a BIOS is to start, else 0.
        public let status: UInt8
        /// What it holds; 0 in an unused entry.
        public let type: UInt8
        /// The first sector.
        public let first: UInt32
        /// How many sectors there are.
        public let sectorCount: UInt32

        /// Whether it is in use.
        public var isUsed: Bool { type != 0 }
        /// Whether it is marked for a BIOS to start.
        public var isActive: Bool { status == 0x80 }
        /// Such as `0xDA`.
        public var typeText: String { (type < 0x10 ? "0x0" : "0x") + hex(type).dropFirst(2) }
        /// What the type is for; `nil` if it is not known here.
        public var typeName: String? { PartitionTypes.mbr[type] }
    }

    /// What a BIOS would run.
    public enum Code: Equatable, Sendable {
        /// Nothing is there.
        case none
        /// What this tool writes where no BIOS is to start: it lets the BIOS go on to another disk.
        case passesOn
        /// A boot loader's first part.
        case loader
    }

    /// Whether the sector ends in 55 AA.
    public let hasSignature: Bool
    /// What its first 440 bytes are.
    public let code: Code
    /// The number by which an operating system knows the disk.
    public let diskSignature: UInt32
    /// The four entries.
    public let entries: [Entry]
    /// What a boot sector of this project says about the rest; `nil` for what cannot be that.
    let parameters: BootParameters?

    /// Whether an entry says that a GPT describes the disk.
    public var isProtective: Bool {
        entries.contains { $0.type == MBRPartitionEntry.Kind.protectiveGPT.rawValue }
    }

    private static let entriesOffset = 446

    /// The first 512 bytes of a disk.
    init(_ sector: Region) {
        hasSignature = sector.number(at: 510) == MasterBootRecord.signature
        let code = sector.bytes[..<MasterBootRecord.bootCodeByteCount]
        let last = code.lastIndex { $0 != 0 }
        self.code =
            switch last.map({ Array(code[...$0]) }) {
            case nil: .none
            case MasterBootRecord.notForBIOS: .passesOn
            default: .loader
            }
        parameters = try? BootParameters(decoding: sector.bytes[BootParameters.offset...])
        diskSignature = sector.number(at: MasterBootRecord.bootCodeByteCount)
        entries = (0..<MasterBootRecord.partitionCount).map { index in
            let start = Self.entriesOffset + index * MBRPartitionEntry.byteCount
            return Entry(
                number: index + 1, status: sector.bytes[start], type: sector.bytes[start + 4],
                first: sector.number(at: start + 8), sectorCount: sector.number(at: start + 12))
        }
    }
}
