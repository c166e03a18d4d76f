import HostSystem

/// One component of a path as FAT's long names allow it (FAT 1.03 §7).
///
/// Device names (`CON`, `NUL`, `COM1`, …) are allowed: neither FAT nor UEFI reserves them, and only
/// Windows cannot open such files.
struct FATName: Hashable {
    /// The name as given.
    let text: String
    /// The name in capitals, unit by unit: equal for names that FAT considers the same.
    let key: [UInt16]
    /// Equal for names that some system considers the same.
    private let looseKey: String

    private static let maximumUnits = 255
    private static let forbidden = Set("\"*/:<>?\\|".unicodeScalars)

    init(_ text: String) throws(PathFault) {
        guard !text.isEmpty else { throw .emptyComponent }
        guard text != ".", text != ".." else { throw .dotComponent }
        guard !text.unicodeScalars.contains(where: \.isPathByte) else { throw .notUTF8 }
        guard text.unicodeScalars.allSatisfy(Self.allows) else { throw .forbiddenCharacter }
        guard text.last != ".", text.last != " " else { throw .trailingDotOrSpace }
        guard text.utf16.count <= Self.maximumUnits else { throw .tooLong }
        self.text = text
        key = Self.key(of: text)
        looseKey = Self.looseKey(of: text)
    }

    /// Whether some system may take one name for the other.
    static func == (left: Self, right: Self) -> Bool { left.looseKey == right.looseKey }

    func hash(into hasher: inout Hasher) { hasher.combine(looseKey) }

    /// The name in capitals, letter by letter, as the tables of firmware, Linux and Windows have
    /// them: `ß` has no capital there.
    static func key(of text: String) -> [UInt16] {
        text.unicodeScalars.flatMap { capital(of: $0).utf16 }
    }

    /// The name as the loosest comparison sees it.
    ///
    /// Tables differ: EDK II's reaches to U+00FF, Linux compares small letters of the mounted code
    /// page (in ISO 8859-9, `İ` has the small letter `i`), and others compare whole case mappings,
    /// where `ß` is `SS` and `ﬁ` is `FI`, or canonical equivalents.
    static func looseKey(of text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.uppercased() }
        let capitals = text.unicodeScalars.map { $0.properties.lowercaseMapping }.joined()
            .unicodeScalars.map { $0.properties.uppercaseMapping }.joined()
        return capitals.replacing("I\u{307}", with: "I")
    }

    private static func allows(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && !forbidden.contains(scalar)
    }

    /// The single capital of a letter; the letter itself if it has none.
    private static func capital(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapping = scalar.properties.uppercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? scalar : scalar
    }
}

/// What is wrong with a component of a path.
public enum PathFault: Error, Hashable, CustomStringConvertible {
    /// It is empty: consecutive slashes, or one at either end.
    case emptyComponent
    /// It is `.` or `..`.
    case dotComponent
    /// It contains a control character or one of `" * / : < > ? \ |`.
    case forbiddenCharacter
    /// It has bytes that are not UTF-8.
    case notUTF8
    /// It ends in a dot or a space.
    case trailingDotOrSpace
    /// It is longer than 255 UTF-16 units.
    case tooLong

    /// The rest of a sentence that begins with the component.
    public var description: String {
        switch self {
        case .emptyComponent:
            "is empty; separate names with single slashes and put none at the ends"
        case .dotComponent: "is not a file name; write the path without it"
        case .forbiddenCharacter: "contains a control character or one of \" * / : < > ? \\ |"
        case .notUTF8: "is not UTF-8; rename the file"
        case .trailingDotOrSpace: "ends in a dot or a space"
        case .tooLong: "is longer than 255 UTF-16 units"
        }
    }
}
