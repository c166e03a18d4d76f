/// The notation of names in a hierarchy of an ISO 9660 volume.
enum ISONaming: CaseIterable {
    /// Capitals, digits and `_`, at most 31 (ECMA-119 §7.5, interchange level 2).
    case primary
    /// UTF-16, at most 64 units (Joliet 1, §2.2).
    case joliet

    /// Returns a unique identifier for each name in a folder.
    func identifiers(for names: [(text: String, isFolder: Bool)]) -> [[UInt8]] {
        var taken: Set<[UInt8]> = []
        // How often an identifier was already taken: many long names begin alike.
        var numbers: [[UInt8]: Int] = [:]
        return names.map { name in
            let first = identifier(for: name.text, isFolder: name.isFolder, 0)
            var identifier = first
            while !taken.insert(identifier).inserted {
                numbers[first, default: 0] += 1
                identifier = self.identifier(
                    for: name.text, isFolder: name.isFolder, numbers[first, default: 0])
            }
            return identifier
        }
    }

    /// The name in this notation; a number above 0 makes it unique.
    private func identifier(for name: String, isFolder: Bool, _ number: Int) -> [UInt8] {
        let (stem, end) = isFolder ? (name, "") : Self.parts(of: name)
        let mark = number == 0 ? "" : "_\(number)"
        switch self {
        case .primary:
            // A file's name always has a dot.
            let longest = isFolder ? 31 : 30
            let rest = String(Self.capitals(end).prefix(8))
            let start = Self.capitals(stem).prefix(longest - rest.count - mark.count)
            return Array((start + mark + (isFolder ? "" : ".\(rest);1")).utf8)
        case .joliet:
            let rest = Array((end.isEmpty ? "" : ".\(end)").utf16.prefix(32))
            let start = stem.utf16.prefix(64 - rest.count - mark.utf16.count)
            let units = Array(start) + Array(mark.utf16) + rest
            return Self.bytes(units.map { Self.forbidden.contains($0) ? Self.replacement : $0 })
                + (isFolder ? [] : Self.bytes(Array(";1".utf16)))
        }
    }

    /// Splits a name at its last dot.
    private static func parts(of name: String) -> (String, String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    private static func capitals(_ text: String) -> String {
        String(
            text.uppercased().unicodeScalars.map { scalar in
                ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                    ? Character(scalar) : "_"
            })
    }

    /// What FAT allows in a name but Joliet does not.
    private static let forbidden: Set<UInt16> = [0x3B]
    private static let replacement: UInt16 = 0x5F

    /// The most significant byte first.
    static func bytes(_ units: [UInt16]) -> [UInt8] {
        units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
}
