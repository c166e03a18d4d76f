/// A directory entry with 13 UTF-16 units of a long name (FAT 1.03 §7.1).
///
/// A name's entries stand before its short entry, the last part first.
public struct LongNameEntry: DiskStructure {
    /// Offset 0: which part of the name this is, 1…20.
    public let order: UInt8
    /// Offset 0, bit 6: whether the name ends here.
    public let isLast: Bool
    /// Offsets 1, 14 and 28: the units; after the name's end one 0, then 0xFFFF.
    public let units: [UInt16]
    // Offset 11: attributes; 12: zero.
    /// Offset 13: the checksum of the short name.
    public let checksum: UInt8
    // Offset 26: zero, where others have a cluster.

    /// The number of units in an entry.
    public static let unitCount = 13
    /// Size on the disk, in bytes.
    public static let byteCount = 32
    /// Name in errors.
    public static let name = "long name entry"

    private static let lastMark: UInt8 = 0x40
    private static let orders: ClosedRange<UInt8> = 1...20

    /// How many entries a name needs.
    static func count(for name: String) -> Int {
        (name.utf16.count + unitCount - 1) / unitCount
    }

    /// The entries of a name of 1…255 UTF-16 units, in the order of the disk.
    static func entries(of name: String, for shortName: ShortName) -> [Self] {
        let count = count(for: name)
        var units = Array(name.utf16)
        if units.count < count * unitCount { units.append(0) }
        units += repeatElement(.max, count: count * unitCount - units.count)
        return (1...count).reversed().map { order in
            Self(
                order: UInt8(order), isLast: order == count,
                units: Array(units[((order - 1) * unitCount)..<(order * unitCount)]),
                checksum: shortName.checksum)
        }
    }

    init(order: UInt8, isLast: Bool, units: [UInt16], checksum: UInt8) {
        self.order = order
        self.isLast = isLast
        self.units = units
        self.checksum = checksum
    }

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        writer.append(isLast ? order | Self.lastMark : order)
        for unit in units[..<5] { writer.append(unit) }
        writer.append(DirectoryEntry.Attributes.longName.rawValue)
        writer.append(UInt8(0))
        writer.append(checksum)
        for unit in units[5..<11] { writer.append(unit) }
        writer.append(UInt16(0))
        for unit in units[11...] { writer.append(unit) }
    }

    /// Reads the fields; refuses an entry that is no part of a long name.
    public init(from reader: inout ByteReader) throws(FormatError) {
        let mark: UInt8 = try reader.read("order", allowed: "1…20, with or without bit 6") {
            Self.orders.contains($0 & ~Self.lastMark)
        }
        order = mark & ~Self.lastMark
        isLast = mark & Self.lastMark != 0
        var units: [UInt16] = []
        for _ in 0..<5 { units.append(try reader.read()) }
        try reader.expect(DirectoryEntry.Attributes.longName.rawValue, "attributes")
        try reader.expect(UInt8(0), "type")
        checksum = try reader.read()
        for _ in 5..<11 { units.append(try reader.read()) }
        try reader.expect(UInt16(0), "first cluster")
        for _ in 11..<Self.unitCount { units.append(try reader.read()) }
        self.units = units
    }
}
