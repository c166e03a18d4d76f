/// One component of a path as FAT's long names allow it (FAT 1.03 §7).
///
/// Names of devices (`CON`, `NUL`, `COM1`, …) are allowed: neither FAT nor UEFI reserves them; only
/// Windows will not open such a file.
struct FATName: Hashable {
    /// The name as given.
    let text: String
    /// The name in capitals, unit by unit: equal for names that FAT holds for the same.
    let key: [UInt16]

    private static let maximumUnits = 255
    private static let forbidden = Set("\"*/:<>?\\|".unicodeScalars)

    /// The name, checked.
    init(_ text: String) throws(PathFault) {
        guard !text.isEmpty else { throw .emptyComponent }
        guard text != ".", text != ".." else { throw .dotComponent }
        guard text.unicodeScalars.allSatisfy(Self.allows) else { throw .forbiddenCharacter }
        guard text.last != ".", text.last != " " else { throw .trailingDotOrSpace }
        guard text.utf16.count <= Self.maximumUnits else { throw .tooLong }
        self.text = text
        key = text.unicodeScalars.flatMap { Self.capital(of: $0).utf16 }
    }

    static func == (left: Self, right: Self) -> Bool { left.key == right.key }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    private static func allows(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && !forbidden.contains(scalar)
    }

    /// The one capital letter; a letter without one stands for itself.
    private static func capital(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapping = scalar.properties.uppercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? scalar : scalar
    }
}
