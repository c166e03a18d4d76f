/// A broken rule of the ELF header (gABI, "ELF Header") or of a table that it points at.
public enum HeaderViolation: Equatable, Sendable {
    /// The file has no bytes.
    case empty
    /// The file begins with these bytes (at most four) and not with `7f 45 4c 46`.
    case notELF(magic: [UInt8])
    /// The file ends within the 64 bytes of the ELF header.
    case truncated(fileByteCount: UInt64)
    /// `EI_CLASS` is not `ELFCLASS64` (2).
    case wordSize(UInt8)
    /// `EI_DATA` is not `ELFDATA2LSB` (1).
    case byteOrder(UInt8)
    /// `EI_VERSION` or `e_version` is not `EV_CURRENT` (1).
    case version(UInt32)
    /// `e_type` is neither `ET_EXEC` (2) nor `ET_DYN` (3).
    case fileType(UInt16)
    /// `e_machine` is neither `EM_X86_64` (62) nor `EM_AARCH64` (183).
    case machine(UInt16)
    /// A size field differs from the one size that ELF64 has for it.
    case entrySize(EntrySizeField, found: UInt16)
    /// `e_phnum` is `PN_XNUM` (0xffff): the count is kept elsewhere, which no kernel needs.
    case extendedProgramHeaderCount
    /// `e_shnum` is 0 and section 0 holds this count instead, for which libelf takes any memory.
    case extendedSectionCount(UInt64)
    /// A table reaches past the end of the file, or its end cannot be counted in 64 bits.
    case tableOutsideFile(Table, offset: UInt64, byteCount: UInt64, fileByteCount: UInt64)
    /// `e_shstrndx` names no section.
    case sectionNameIndex(UInt16, sectionCount: Int)
    /// The section names are larger than any linker makes them.
    case sectionNamesTooLarge(byteCount: UInt64, limit: UInt64)
    /// libelf could not decode a header; this is its message.
    case undecodable(String)

    /// A header field that holds the size of a fixed structure.
    public enum EntrySizeField: String, Sendable {
        /// Size of the ELF header.
        case header = "e_ehsize"
        /// Size of one program header.
        case programHeader = "e_phentsize"
        /// Size of one section header.
        case sectionHeader = "e_shentsize"

        /// The only size in ELF64, in bytes.
        public var allowed: UInt16 {
            switch self {
            case .header, .sectionHeader: 64
            case .programHeader: 56
            }
        }
    }

    /// A table that the ELF header points at.
    public enum Table: String, Sendable {
        /// `e_phoff`, `e_phnum`.
        case programHeaders = "program header table"
        /// `e_shoff`, `e_shnum`.
        case sectionHeaders = "section header table"
        /// The section that `e_shstrndx` names.
        case sectionNames = "section name table"
    }
}

extension HeaderViolation {
    /// The rule that is broken.
    public var rule: ELFRule {
        switch self {
        case .empty: .elfEmpty
        case .notELF: .elfMagic
        case .truncated: .elfHeaderTruncated
        case .wordSize: .elfClass
        case .byteOrder: .elfByteOrder
        case .version: .elfVersion
        case .fileType: .elfType
        case .machine: .elfMachine
        case .entrySize: .elfEntrySize
        case .extendedProgramHeaderCount: .elfProgramHeaderCount
        case .extendedSectionCount: .elfSectionHeaderCount
        case .tableOutsideFile: .elfTableOutsideFile
        case .sectionNameIndex: .elfSectionNameIndex
        case .sectionNamesTooLarge: .elfSectionNamesSize
        case .undecodable: .elfDecode
        }
    }
}

extension HeaderViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        switch self {
        case .empty: "is empty"
        case .notELF(let magic): "is not an ELF file: it \(FileMagic.verdict(on: magic))"
        case .truncated(let count):
            "ends after \(count) of the ELF header's 64 bytes"
        case .wordSize(1): "is a 32-bit ELF file"
        case .wordSize(let found): "has ELF class \(found); only 2 (64-bit) can be loaded"
        case .byteOrder(2): "is a big-endian ELF file"
        case .byteOrder(let found):
            "has ELF byte order \(found); only 1 (little-endian) exists here"
        case .version(let found): "has ELF version \(found); only version 1 exists"
        case .fileType(let found): FileTypeNumber.complaint(about: found)
        case .machine(let found):
            "is for \(MachineNumber.name(of: found)), not for x86-64 or AArch64"
        case .entrySize(let field, let found):
            "has \(field.rawValue) \(found); only \(field.allowed) can be read"
        case .extendedProgramHeaderCount:
            "has e_phnum 0xffff (PN_XNUM); at most 65534 program headers can be loaded"
        case .extendedSectionCount(let found):
            "has \(found) sections by its section 0; at most 65279 can be read"
        case .tableOutsideFile(let table, let offset, let count, let fileCount):
            "has its \(table.rawValue) (\(count) bytes at \(hex(offset))) outside of the file "
                + "of \(fileCount) bytes"
        case .sectionNameIndex(let found, let count):
            "has e_shstrndx \(found), but \(count) sections"
        case .sectionNamesTooLarge(let found, let limit):
            "has \(found) bytes of section names; at most \(limit) are read"
        case .undecodable(let message): "cannot be decoded: \(message)"
        }
    }
}
