/// A directory entry as it is, whatever it holds (FAT 1.03 §6 and §7).
struct FATEntry {
    let region: Region

    var isDeleted: Bool { region.bytes[0] == 0xE5 }
    var attributes: DirectoryEntry.Attributes {
        DirectoryEntry.Attributes(rawValue: region.bytes[11])
    }
    /// All six bits that are defined: hidden, system and the like make no long name.
    var isLongName: Bool {
        region.bytes[11] & 0x3F == DirectoryEntry.Attributes.longName.rawValue
    }
    var byteCount: UInt32 { region.number(at: 28) }
    private var date: UInt16 { region.number(at: 24) }
    /// When it was last written.
    var modified: FATTimestamp { FATTimestamp(date: date, time: region.number(at: 22)) }

    /// The name's eleven bytes; the first is 0x05 on the disk where it stands for 0xE5.
    var shortName: ShortName {
        var bytes = region.bytes.prefix(ShortName.byteCount)
        if bytes[0] == 0x05 { bytes[0] = 0xE5 }
        return ShortName(decoding: bytes)
    }

    /// FAT12 and FAT16 have other things in the upper half.
    func cluster(_ type: FATType) -> UInt32 {
        let high = type == .fat32 ? UInt32(region.number(at: 20, UInt16.self)) << 16 : 0
        return high | UInt32(region.number(at: 26, UInt16.self))
    }

    /// The entry under its file's path.
    func named(_ path: String) -> Region {
        Region(place: path, offset: region.offset, bytes: region.bytes)
    }

    /// The day of the last write; 0 where nobody knew it.
    func checkDate(_ findings: inout ImageFindings) {
        let (month, day) = (date >> 5 & 0xF, date & 0x1F)
        findings.expect(
            date == 0 || ((1...12).contains(month) && (1...31).contains(day)), .fatDate, region,
            at: 24, found: "month \(month), day \(day)", allowed: "a day of the calendar")
    }
}
