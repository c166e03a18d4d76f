/// A table of relocations that the loader applies (gABI, "Relocation"); all have been checked.
public struct RelocationTable: Equatable, Sendable {
    /// The kind of table.
    public let kind: Kind
    /// The table's address in memory.
    public let virtualAddress: UInt64
    /// The table's bytes in the file: a multiple of ``Kind/entryByteCount``.
    public let fileRange: Range<UInt64>
    /// The number of relocations of each type that occurs, unpacked.
    public let counts: [RelocationType: UInt64]

    /// The number of entries; a packed entry may stand for no relocation or for many.
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
        public var tag: DynamicTag { tags.address }

        /// The entries that locate the table and describe its encoding.
        var tags: (address: DynamicTag, size: DynamicTag, encoding: DynamicTag) {
            switch self {
            case .rela: (.rela, .relaSize, .relaEntrySize)
            case .procedureLinkage:
                (.procedureLinkage, .procedureLinkageSize, .procedureLinkageEncoding)
            case .relr: (.relr, .relrSize, .relrEntrySize)
            }
        }

        /// Size of one entry in bytes.
        public var entryByteCount: Int {
            switch self {
            case .rela, .procedureLinkage: Relocation.byteCount
            case .relr: Relocation.packedByteCount
            }
        }
    }
}
