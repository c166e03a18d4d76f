/// The ELF header (gABI, "ELF Header") behind its identification; offsets are in bytes.
struct FileHeader: Equatable {
    /// Size of the header in bytes.
    static let byteCount: UInt64 = 64
    /// `PN_XNUM`: the count does not fit into `e_phnum`.
    static let extendedCount: UInt16 = 0xffff

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

/// A program header (gABI, "Program Header") of a type that the loader knows.
struct ProgramHeader: Equatable {
    var id: SegmentID
    var flags: UInt32
    var offset: UInt64
    var virtualAddress: UInt64
    var fileByteCount: UInt64
    var memoryByteCount: UInt64
    var alignment: UInt64
}

/// A section header (gABI, "Section Header").
struct SectionHeader: Equatable {
    /// `SHT_NOBITS`: the section has no bytes in the file.
    static let noBits: UInt32 = 8

    var nameOffset: UInt32
    var type: UInt32
    var offset: UInt64
    var byteCount: UInt64
}
