/// The entries of the dynamic section that the loader reads (gABI, "Dynamic Section").
public enum DynamicTag: UInt64, Sendable {
    /// End of the dynamic section.
    case null = 0
    /// Name of a required shared library, as an offset into the string table.
    case needed = 1
    /// Size of the relocations for the procedure linkage table, in bytes.
    case procedureLinkageSize = 2
    /// Address of the string table.
    case stringTable = 5
    /// Address of the symbol table.
    case symbolTable = 6
    /// Address of the relocations with addends.
    case rela = 7
    /// Size of the relocations with addends, in bytes.
    case relaSize = 8
    /// Size of one relocation with addend, in bytes.
    case relaEntrySize = 9
    /// Size of one symbol in bytes.
    case symbolEntrySize = 11
    /// Address of the relocations without addends.
    case rel = 17
    /// Size of the relocations without addends, in bytes.
    case relSize = 18
    /// Whether the relocations for the procedure linkage table have addends: `DT_RELA` or `DT_REL`.
    case procedureLinkageEncoding = 20
    /// Address of the relocations for the procedure linkage table.
    case procedureLinkage = 23
    /// Size of the packed relative relocations, in bytes.
    case relrSize = 35
    /// Address of the packed relative relocations.
    case relr = 36
    /// Size of one packed entry in bytes.
    case relrEntrySize = 37

    /// The name in the specification.
    public var elfName: String {
        switch self {
        case .null: "DT_NULL"
        case .needed: "DT_NEEDED"
        case .procedureLinkageSize: "DT_PLTRELSZ"
        case .stringTable: "DT_STRTAB"
        case .symbolTable: "DT_SYMTAB"
        case .rela: "DT_RELA"
        case .relaSize: "DT_RELASZ"
        case .relaEntrySize: "DT_RELAENT"
        case .symbolEntrySize: "DT_SYMENT"
        case .rel: "DT_REL"
        case .relSize: "DT_RELSZ"
        case .procedureLinkageEncoding: "DT_PLTREL"
        case .procedureLinkage: "DT_JMPREL"
        case .relrSize: "DT_RELRSZ"
        case .relr: "DT_RELR"
        case .relrEntrySize: "DT_RELRENT"
        }
    }

    /// The only supported value of an entry that describes a table's encoding; otherwise `nil`.
    var allowedValue: UInt64? {
        switch self {
        case .relaEntrySize: UInt64(Relocation.byteCount)
        case .symbolEntrySize: UInt64(Symbol.byteCount)
        case .relrEntrySize: UInt64(Relocation.packedByteCount)
        case .procedureLinkageEncoding: DynamicTag.rela.rawValue
        default: nil
        }
    }
}
