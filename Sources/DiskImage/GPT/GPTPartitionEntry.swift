/// One partition in a GUID partition table (UEFI 2.10 §5.3.3, table 5.6).
public struct GPTPartitionEntry: DiskStructure {
    /// Offset 0: what the partition holds; all zeros in an unused entry.
    public let type: GUID
    /// Offset 16: the partition's own identifier.
    public let guid: GUID
    /// Offset 32: the first sector.
    public let first: LBA
    /// Offset 40: the last sector, itself included.
    public let last: LBA
    /// Offset 48: attribute bits (table 5.8); 0 for none.
    public let attributes: UInt64
    /// Offset 56: the name, at most 36 UTF-16 units.
    public let label: String

    /// The type of an EFI system partition (table 5.7).
    public static let efiSystem = GUID(high: 0xC12A_7328_F81F_11D2, low: 0xBA4B_00A0_C93E_C93B)
    /// The type of a partition that holds a loader for BIOS, without a file system.
    public static let biosBoot = GUID(high: 0x2168_6148_6449_6E6F, low: 0x744E_6565_6445_4649)

    /// The number of entries in a table.
    public static let countPerTable = 128
    /// Size on the disk, in bytes.
    public static let byteCount = 128
    /// Name in errors.
    public static let name = "GPT partition entry"

    static let labelUnits = 36

    /// A partition without attributes; it has at least one sector, its label at most 36 UTF-16
    /// units.
    public init(type: GUID, guid: GUID, sectors: SectorRange, label: String) {
        precondition(label.utf16.count <= Self.labelUnits, "label beyond \(Self.labelUnits) units")
        self.type = type
        self.guid = guid
        first = sectors.start
        last = sectors.last
        attributes = 0
        self.label = label
    }

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        writer.append(type)
        writer.append(guid)
        writer.append(first.value)
        writer.append(last.value)
        writer.append(attributes)
        for unit in label.utf16 { writer.append(unit) }
        writer.appendZeros(2 * (Self.labelUnits - label.utf16.count))
    }

    /// Reads the fields; refuses a partition that ends before it starts.
    public init(from reader: inout ByteReader) throws(FormatError) {
        type = try reader.read()
        guid = try reader.read()
        let start: UInt64 = try reader.read()
        first = LBA(start)
        last = LBA(
            try reader.read("last sector", allowed: "at least the first, \(start)") { $0 >= start })
        attributes = try reader.read()
        var units: [UInt16] = []
        for _ in 0..<Self.labelUnits { units.append(try reader.read()) }
        label = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
}
