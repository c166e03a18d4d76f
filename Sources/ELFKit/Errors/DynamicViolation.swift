/// Entries of the dynamic section that matter to the loader (gABI, "Dynamic Section").
public enum DynamicTag: UInt64, Sendable {
    /// End of the dynamic section.
    case null = 0
    /// Name of a shared library that is needed, as an offset into the string table.
    case needed = 1
    /// Size of the relocations for the procedure linkage table, in bytes.
    case procedureLinkageSize = 2
    /// Address of the string table.
    case stringTable = 5
    /// Address of the relocations with addends.
    case rela = 7
    /// Their size in bytes.
    case relaSize = 8
    /// The size of one of them in bytes.
    case relaEntrySize = 9
    /// Address of the relocations without addends.
    case rel = 17
    /// Their size in bytes.
    case relSize = 18
    /// Address of the relocations for the procedure linkage table.
    case procedureLinkage = 23
    /// Size of the packed relative relocations, in bytes.
    case relrSize = 35
    /// Address of the packed relative relocations.
    case relr = 36

    /// The name in the specification.
    public var elfName: String {
        switch self {
        case .null: "DT_NULL"
        case .needed: "DT_NEEDED"
        case .procedureLinkageSize: "DT_PLTRELSZ"
        case .stringTable: "DT_STRTAB"
        case .rela: "DT_RELA"
        case .relaSize: "DT_RELASZ"
        case .relaEntrySize: "DT_RELAENT"
        case .rel: "DT_REL"
        case .relSize: "DT_RELSZ"
        case .procedureLinkage: "DT_JMPREL"
        case .relrSize: "DT_RELRSZ"
        case .relr: "DT_RELR"
        }
    }
}

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
    /// `DT_RELAENT` is not 24.
    case entrySize(UInt64)
    /// `DT_RELASZ` is not a multiple of 24.
    case tableSize(UInt64)
    /// The relocation table is not within the file bytes of one segment.
    case tableNotLoaded(address: UInt64, byteCount: UInt64)
}

extension DynamicViolation {
    /// The rule's stable name.
    public var rule: String {
        switch self {
        case .needsLibrary: "dynamic-needs-library"
        case .unterminated: "dynamic-unterminated"
        case .duplicate: "dynamic-duplicate"
        case .missing: "dynamic-missing"
        case .unsupportedTable: "dynamic-unsupported-table"
        case .entrySize: "dynamic-rela-entry-size"
        case .tableSize: "dynamic-rela-size"
        case .tableNotLoaded: "dynamic-rela-not-loaded"
        }
    }
}

extension DynamicViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        switch self {
        case .needsLibrary(let name):
            "is a program for an operating system: it needs \(name ?? "a shared library"); "
                + "link the kernel with -nostdlib -static"
        case .unterminated(let count): "has a dynamic section of \(count) bytes without DT_NULL"
        case .duplicate(let tag): "has more than one \(tag.elfName) in its dynamic section"
        case .missing(let tag, let user): "has \(user.elfName) but no \(tag.elfName)"
        case .unsupportedTable(let tag): Self.complaint(about: tag)
        case .entrySize(let found): "has DT_RELAENT \(found); only 24 can be read"
        case .tableSize(let found): "has DT_RELASZ \(found), which is not a multiple of 24"
        case .tableNotLoaded(let address, let count):
            "has its relocations (\(count) bytes at address \(hex(address))) outside of the "
                + "bytes that are loaded"
        }
    }

    private static func complaint(about tag: DynamicTag) -> String {
        let remedy =
            switch tag {
            case .relr: "link with -z nopack-relative-relocs (lld: --pack-dyn-relocs=none)"
            case .procedureLinkage: "link with -static, and without undefined or ifunc symbols"
            default: "link with relocations that have addends (lld: -z rela)"
            }
        return "has \(tag.elfName) relocations, which the loader does not apply; \(remedy)"
    }
}
