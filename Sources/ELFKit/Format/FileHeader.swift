/// The ELF header (gABI, "ELF Header") after its identification bytes; offsets are in bytes.
struct FileHeader: Equatable {
    /// `EI_MAG`: the first bytes of the file.
    static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    /// Size of the header in a 64-bit file, in bytes.
    static let byteCount: UInt64 = 64
    /// `PN_XNUM`: the count does not fit into `e_phnum`.
    static let extendedCount: UInt16 = 0xffff
    /// Offset of `e_shoff` in the header, in bytes.
    static let sectionHeaderOffsetPlace = 40

    var type: UInt16
    var machine: UInt16
    var version: UInt32
    var entry: UInt64
    var programHeaderOffset: UInt64
    var sectionHeaderOffset: UInt64
    var headerByteCount: UInt16
    var programHeaderByteCount: UInt16
    var programHeaderCount: UInt16
    var sectionHeaderByteCount: UInt16
    var sectionHeaderCount: UInt16
    var sectionNameIndex: UInt16
}

/// A section header (gABI, "Section Header").
struct SectionHeader: Equatable {
    /// Size of a table entry in bytes.
    static let byteCount = 64
    /// The table's offset is a multiple of this.
    static let tableAlignment: UInt64 = 8
    /// Offset of `sh_offset` in an entry, in bytes.
    static let offsetPlace = 24
    /// `SHT_NULL`: an unused entry.
    static let null: UInt32 = 0
    /// `SHT_SYMTAB`: the symbol table.
    static let symbolTable: UInt32 = 2
    /// `SHT_RELA` and `SHT_REL`: `sh_info` is the section that is relocated.
    static let relocations: [UInt32] = [4, 9]
    /// `SHT_NOTE`: notes.
    static let note: UInt32 = 7
    /// `SHT_NOBITS`: the section has no bytes in the file.
    static let noBits: UInt32 = 8
    /// `SHF_ALLOC`: the section is in memory when the kernel runs.
    static let allocated: UInt64 = 2
    /// `SHF_EXECINSTR`: the section contains code.
    static let code: UInt64 = 4
    /// `SHF_INFO_LINK`: `sh_info` is a section.
    static let infoIsSection: UInt64 = 0x40

    var nameOffset: UInt32
    var type: UInt32
    var flags: UInt64
    var address: UInt64
    var offset: UInt64
    var byteCount: UInt64
    var link: UInt32
    var info: UInt32
    var alignment: UInt64
}

/// The class of an ELF file, `EI_CLASS`, and the sizes of its headers (gABI, "ELF Header").
public enum WordSize: UInt8, Sendable {
    /// `ELFCLASS32`: for i386, which only Multiboot kernels are compiled for.
    case bits32 = 1
    /// `ELFCLASS64`.
    case bits64

    /// Size of the ELF header in bytes.
    var headerByteCount: UInt16 { self == .bits32 ? 52 : 64 }
    /// Size of a program header in bytes.
    var programHeaderByteCount: UInt16 { self == .bits32 ? 32 : 56 }
    /// Size of a section header in bytes.
    var sectionHeaderByteCount: UInt16 { self == .bits32 ? 40 : 64 }
}
