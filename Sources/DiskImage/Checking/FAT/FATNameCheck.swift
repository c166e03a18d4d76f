/// Checks the long and short names in one folder (FAT 1.03 §6.1 and §7).
struct FATNameCheck {
    private let findings: ImageFindings
    private var shortNames: Set<ShortName> = []
    private var longNames: Set<[UInt16]> = []
    /// The parts of a long name so far, the last part first.
    private var parts: [FATEntry] = []

    init(_ findings: ImageFindings) { self.findings = findings }

    private static let forbidden = Set("\"*+,./:;<=>?[\\]|".utf8)

    /// Takes a part of a long name, or a deleted entry, which ends one.
    mutating func take(_ entry: FATEntry) {
        if entry.isDeleted { return end() }
        if entry.order & LongNameEntry.lastMark != 0 { end() }
        parts.append(entry)
    }

    /// Ends a long name: its parts must be followed by an entry.
    mutating func end() {
        if let part = parts.first {
            findings.report(
                .fatLongName, part.region, at: 0, found: "parts without an entry",
                allowed: "followed by an entry")
        }
        parts = []
    }

    /// Returns the name of a file or a folder: the long one if it is valid.
    mutating func name(of entry: FATEntry) -> String {
        checkShortName(of: entry)
        let long = longName(of: entry)
        parts = []
        let name = long ?? entry.shortName.description
        findings.expect(
            longNames.insert(FATName.key(of: name)).inserted, .fatNameTwice, entry.region, at: 0,
            found: "“\(name)” again", allowed: "a unique name")
        return name
    }

    private mutating func checkShortName(of entry: FATEntry) {
        let name = entry.shortName
        let isAllowed = name.bytes.allSatisfy { byte in
            byte >= 0x20 && byte != 0x7F && !Self.forbidden.contains(byte)
                && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
        findings.expect(
            isAllowed && name.bytes[0] != 0x20, .fatName, entry.region, at: 0,
            found: hexDump(name.bytes), allowed: "capitals, digits, some punctuation")
        findings.expect(
            shortNames.insert(name).inserted, .fatNameTwice, entry.region, at: 0,
            found: "“\(name)” again", allowed: "a unique short name")
    }

    private func longName(of entry: FATEntry) -> String? {
        guard let first = parts.first else { return nil }
        let checksum = entry.shortName.checksum
        for (index, part) in parts.enumerated() {
            let order = UInt8(parts.count - index) | (index == 0 ? LongNameEntry.lastMark : 0)
            let isValid =
                findings.expect(
                    part.order == order, .fatLongName, part.region, at: 0, found: hex(part.order),
                    allowed: "\(hex(order)), by the order of the parts")
                && findings.expect(
                    part.checksum == checksum, .fatLongName, part.region, at: 13,
                    found: hex(part.checksum),
                    allowed: "\(hex(checksum)), the checksum of “\(entry.shortName)”")
            guard isValid else { return nil }
        }
        let units = parts.reversed().flatMap(\.units).prefix { $0 != 0 }
        findings.expect(
            !units.isEmpty, .fatLongName, first.region, at: 1, found: "an empty name",
            allowed: "1…255 UTF-16 units")
        return String(decoding: units, as: UTF16.self)
    }
}
