/// A broken rule of the dynamic section (gABI, "Dynamic Linking").
public enum DynamicViolation: Equatable, Sendable {
    /// `DT_NEEDED`: a shared library must be loaded as well; `nil` if its name cannot be read.
    case needsLibrary(String?)
    /// No `DT_NULL` ends the section of this size in bytes.
    case unterminated(byteCount: UInt64)
    /// The same entry twice: which one counts is not defined.
    case duplicate(DynamicTag)
    /// One entry needs another one that is missing.
    case missing(DynamicTag, neededBy: DynamicTag)
    /// A relocation table of a kind that the loader does not apply.
    case unsupportedTable(DynamicTag)
    /// An entry says that a table is encoded in another way than the one that can be read.
    case encoding(DynamicTag, found: UInt64, allowed: UInt64)
    /// The size of a relocation table is not a multiple of that of its entries.
    case tableSize(RelocationTable.Kind, byteCount: UInt64)
    /// A relocation table is not within the file bytes of one segment.
    case tableNotLoaded(RelocationTable.Kind, address: UInt64, byteCount: UInt64)
}

extension DynamicViolation {
    /// The rule that is broken.
    public var rule: ELFRule {
        switch self {
        case .needsLibrary: .dynamicNeedsLibrary
        case .unterminated: .dynamicUnterminated
        case .duplicate: .dynamicDuplicate
        case .missing: .dynamicMissing
        case .unsupportedTable: .dynamicUnsupportedTable
        case .encoding: .dynamicEncoding
        case .tableSize: .dynamicTableSize
        case .tableNotLoaded: .dynamicTableNotLoaded
        }
    }
}

extension DynamicViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        switch self {
        case .needsLibrary(let name):
            "is a program for an operating system: it needs "
                + (name ?? "a shared library")
        case .unterminated(let count): "has a dynamic section of \(count) bytes without DT_NULL"
        case .duplicate(let tag): "has more than one \(tag.elfName) in its dynamic section"
        case .missing(let tag, let user): "has \(user.elfName) but no \(tag.elfName)"
        case .unsupportedTable(let tag):
            "has \(tag.elfName) relocations, which the loader does not apply"
        case .encoding(.procedureLinkageEncoding, let found, let allowed):
            "has DT_PLTREL \(found); only \(allowed) (DT_RELA) is applied"
        case .encoding(let tag, let found, let allowed):
            "has \(tag.elfName) \(found); only \(allowed) can be read"
        case .tableSize(let kind, let found):
            "has \(kind.sizeTag.elfName) \(found), which is not a multiple of "
                + "\(kind.entryByteCount)"
        case .tableNotLoaded(let kind, let address, let count):
            "has its \(kind.tag.elfName) relocations (\(count) bytes at address \(hex(address))) "
                + "outside of the bytes that are loaded"
        }
    }
}
