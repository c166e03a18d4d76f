/// A broken rule on the ELF header (gABI, "ELF Header") or on a table that it locates.
public enum HeaderViolation: Equatable, Sendable {
    /// The file has no bytes.
    case empty
    /// The file starts with these bytes (at most four) instead of `7f 45 4c 46`.
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
    /// `e_machine` is neither `EM_X86_64` (62) nor `EM_AARCH64` (183), or not `EM_386` (3) in a
    /// 32-bit file.
    case machine(UInt16, WordSize)
    /// A size field differs from the only size in ELF files of that class.
    case entrySize(EntrySizeField, found: UInt16, allowed: UInt16)
    /// `e_phnum` is `PN_XNUM` (0xffff): the count is elsewhere, which no kernel needs.
    case extendedProgramHeaderCount
    /// `e_shnum` is 0 and section 0 holds this count, for which libelf allocates without limit.
    case extendedSectionCount(UInt64)
    /// A table extends past the end of the file, or its end does not fit in 64 bits.
    case tableOutsideFile(Table, offset: UInt64, byteCount: UInt64, fileByteCount: UInt64)
    /// `e_shstrndx` is not the index of a section.
    case sectionNameIndex(UInt16, sectionCount: Int)
    /// The section names are larger than any linker makes them.
    case sectionNamesTooLarge(byteCount: UInt64, limit: UInt64)
    /// No section of code has bytes; this is the first one.
    case debugFile(sectionIndex: Int)
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
    }

    /// A table that the ELF header locates.
    public enum Table: String, Sendable {
        /// `e_phoff`, `e_phnum`.
        case programHeaders = "program header table"
        /// `e_shoff`, `e_shnum`.
        case sectionHeaders = "section header table"
        /// The section with index `e_shstrndx`.
        case sectionNames = "section name table"
    }
}
