/// One component of a path as FAT's long names allow it (FAT 1.03 §7).
///
/// Device names (`CON`, `NUL`, `COM1`, …) are allowed: neither FAT nor UEFI reserves them, and only
/// Windows cannot open such files.
struct FATName: Hashable {
    /// The name as given.
    let text: String
    /// The name in capitals, unit by unit: equal for names that FAT considers the same.
    let key: [UInt16]

    private static let maximumUnits = 255
    private static let forbidden = Set("\"*/:<>?\\|".unicodeScalars)

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
        case .trailingDotOrSpace: "ends in a dot or a space"
        case .tooLong: "is longer than 255 UTF-16 units"
        }
    }
}
