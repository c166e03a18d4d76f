extension HeaderViolation {
    /// Where, what was found and what is allowed.
    var details: Finding.Details {
        switch self {
        case .tableOutsideFile(let table, let offset, let count, let fileCount):
            Finding.Details(
                place: table.rawValue, field: table.field,
                found: "\(count) bytes at \(hex(offset))", allowed: "within \(fileCount) bytes")
        case .entrySize(let field, let found):
            Finding.Details(
                place: "ELF header", field: field.rawValue, found: "\(found)",
                allowed: "\(field.allowed)")
        default:
            Finding.Details(
                place: "ELF header", field: rule.field, found: found, allowed: allowed)
        }
    }

    private var found: String? {
        switch self {
        case .empty: "0 bytes"
        case .notELF(let magic): FileMagic.byteList(magic)
        case .truncated(let count): "\(count) bytes"
        case .wordSize(let found), .byteOrder(let found): "\(found)"
        case .version(let found): "\(found)"
        case .fileType(let found), .machine(let found): "\(found)"
        case .extendedProgramHeaderCount: "65535"
        case .extendedSectionCount(let found): "\(found)"
        case .sectionNameIndex(let found, _): "\(found)"
        case .sectionNamesTooLarge(let found, _): "\(found) bytes"
        case .undecodable(let message): message
        case .entrySize, .tableOutsideFile: nil
        }
    }

    private var allowed: String? {
        switch self {
        case .empty, .truncated: "64 bytes or more"
        case .notELF: FileMagic.byteList(FileMagic.elf)
        case .wordSize: "2"
        case .byteOrder, .version: "1"
        case .fileType: "2 or 3"
        case .machine: "62 or 183"
        case .extendedProgramHeaderCount: "at most 65534"
        case .extendedSectionCount: "at most 65279"
        case .sectionNameIndex(_, let count): "less than \(count)"
        case .sectionNamesTooLarge(_, let limit): "at most \(limit) bytes"
        case .undecodable, .entrySize, .tableOutsideFile: nil
        }
    }
}

extension HeaderViolation.Table {
    fileprivate var field: String {
        switch self {
        case .programHeaders: "e_phoff"
        case .sectionHeaders: "e_shoff"
        case .sectionNames: "sh_offset"
        }
    }
}
