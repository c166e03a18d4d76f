/// A directory entry with 13 UTF-16 units of a long name (FAT 1.03 §7.1).
///
/// A name's entries stand before its short entry, the last part first.
struct LongNameEntry: DiskStructure {
    /// Offset 0: the part's number, 1…20.
    let order: UInt8
    /// Offset 0, bit 6: whether this is the last part.
    let isLast: Bool
    /// Offsets 1, 14 and 28: the units; after the name's end one 0, then 0xFFFF.
    let units: [UInt16]
    // Offset 11: attributes; 12: zero.
    /// Offset 13: the checksum of the short name.
    let checksum: UInt8
    // Offset 26: zero, where other entries have a cluster.

    static let byteCount = 32

    static let lastMark: UInt8 = 0x40
    static let unitFields = [1..<11, 14..<26, 28..<32]
    private static let unitCount = 13

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

    func encode(into writer: inout ByteWriter) {
        writer.append(isLast ? order | Self.lastMark : order)
        for unit in units[..<5] { writer.append(unit) }
        writer.append(DirectoryEntry.Attributes.longName.rawValue)
        writer.append(UInt8(0))
        writer.append(checksum)
        for unit in units[5..<11] { writer.append(unit) }
        writer.append(UInt16(0))
        for unit in units[11...] { writer.append(unit) }
    }
}
