/// One of the four partition entries of a master boot record (UEFI 2.10 §5.2.1, table 5.2).
public struct MBRPartitionEntry: DiskStructure {
    /// What a partition holds.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The type byte; 0 in an unused entry.
        public let rawValue: UInt8

        /// The kind with that type byte.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// An unused entry.
        public static let unused = Self(rawValue: 0)
        /// Data in no file system.
        public static let nonFileSystemData = Self(rawValue: 0xDA)
        /// The whole disk, which a GPT describes.
        public static let protectiveGPT = Self(rawValue: 0xEE)
    }

    /// Offset 0: 0x80 for the partition that the boot code starts, else 0.
    public let isActive: Bool
    /// Offset 1: where the partition starts, for firmware that counts cylinders.
    public let firstCHS: CHSAddress
    /// Offset 4: what it holds.
    public let kind: Kind
    /// Offset 5: its last sector.
    public let lastCHS: CHSAddress
    /// Offset 8: its first sector.
    public let start: UInt32
    /// Offset 12: its length in sectors.
    public let sectorCount: UInt32

    /// An entry for these sectors, with the CHS values that belong to them.
    ///
    /// There is at least one; start and count are at most 2³² − 1.
    public init(isActive: Bool, kind: Kind, sectors: SectorRange) {
        self.init(
            isActive: isActive, kind: kind, firstCHS: CHSAddress(sectors.start),
            lastCHS: CHSAddress(sectors.last), start: UInt32(sectors.start.value),
            sectorCount: UInt32(sectors.count.value))
    }

    init(
        isActive: Bool, kind: Kind, firstCHS: CHSAddress, lastCHS: CHSAddress, start: UInt32,
        sectorCount: UInt32
    ) {
        self.isActive = isActive
        self.firstCHS = firstCHS
        self.kind = kind
        self.lastCHS = lastCHS
        self.start = start
        self.sectorCount = sectorCount
    }

    /// All zeros.
    public static let unused = Self(
        isActive: false, kind: .unused, firstCHS: .none, lastCHS: .none, start: 0, sectorCount: 0)

    /// The sectors that the entry names.
    public var sectors: SectorRange {
        SectorRange(start: LBA(UInt64(start)), count: SectorCount(UInt64(sectorCount)))
    }

    /// Size on the disk.
    public static let byteCount = 16
    /// Name in errors.
    public static let name = "MBR partition entry"

    private static let active: UInt8 = 0x80

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        writer.append(isActive ? Self.active : 0)
        writer.append(firstCHS)
        writer.append(kind.rawValue)
        writer.append(lastCHS)
        writer.append(start)
        writer.append(sectorCount)
    }

    /// Reads the fields; refuses a status byte other than 0 and 0x80.
    public init(from reader: inout ByteReader) throws(FormatError) {
        let status: UInt8 = try reader.read("status", allowed: "0 or 0x80") {
            $0 == 0 || $0 == Self.active
        }
        isActive = status == Self.active
        firstCHS = try reader.read()
        kind = Kind(rawValue: try reader.read())
        lastCHS = try reader.read()
        start = try reader.read()
        sectorCount = try reader.read()
    }
}
