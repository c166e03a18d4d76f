/// A table of relocations that the loader applies (gABI, "Relocation"), each one checked.
public struct RelocationTable: Equatable, Sendable {
    /// Which of the tables this is.
    public let kind: Kind
    /// Where the table is in memory.
    public let virtualAddress: UInt64
    /// Where the table is in the file: a multiple of ``Kind/entryByteCount``.
    public let fileRange: Range<UInt64>
    /// How many relocations there are of each type that occurs, unpacked.
    public let counts: [RelocationType: UInt64]

    /// How many entries there are; one of a packed table may stand for no relocation, or for many.
    public var entryCount: UInt64 { fileRange.byteCount / UInt64(kind.entryByteCount) }

    /// The tables that a kernel may have, in the order in which the loader applies them.
    public enum Kind: CaseIterable, Sendable {
        /// `DT_RELA`: relocations with addends.
        case rela
        /// `DT_JMPREL`: the same for calls through the procedure linkage table.
        case procedureLinkage
        /// `DT_RELR`: packed relative relocations.
        case relr

        /// The entry of the dynamic section with the table's address.
        public var tag: DynamicTag {
            switch self {
            case .rela: .rela
            case .procedureLinkage: .procedureLinkage
            case .relr: .relr
            }
        }

        /// The entry with the table's size.
        var sizeTag: DynamicTag {
            switch self {
            case .rela: .relaSize
            case .procedureLinkage: .procedureLinkageSize
            case .relr: .relrSize
            }
        }

        /// The entry that says how the table is encoded.
        var encodingTag: DynamicTag {
            switch self {
            case .rela: .relaEntrySize
            case .procedureLinkage: .procedureLinkageEncoding
            case .relr: .relrEntrySize
            }
        }

        /// Size of one entry in bytes.
        public var entryByteCount: Int {
            switch self {
            case .rela, .procedureLinkage: Relocation.byteCount
            case .relr: PackedRelocationRules.entryByteCount
            }
        }
    }
}

/// What the loader writes to 8 bytes: the types that it applies (the psABI's "Relocation Types").
///
/// They have their names for x86-64 here; AArch64 has the same.
///
/// The address of a symbol is its value, moved as the kernel is. That of an absolute symbol
/// (`SHN_ABS`) is its value as it stands, and that of a weak one that nothing defines is 0.
public enum RelocationType: Int, CaseIterable, Sendable {
    /// `R_X86_64_NONE`: nothing.
    case nothing
    /// `R_X86_64_64`, `R_AARCH64_ABS64`: the address of a symbol, plus the addend.
    case symbol
    /// `R_X86_64_GLOB_DAT`: the address of a symbol.
    case globalData
    /// `R_X86_64_JUMP_SLOT`: the address of a symbol that is called.
    case jumpSlot
    /// `R_X86_64_RELATIVE`: the addend, moved as the kernel is; packed, what is there already.
    case relative

    /// Whether the value depends on a symbol.
    var usesSymbol: Bool {
        switch self {
        case .nothing, .relative: false
        case .symbol, .globalData, .jumpSlot: true
        }
    }
}
