/// One relocation with addend (gABI, "Relocation": `Elf64_Rela`).
struct Relocation: Equatable {
    /// Size of the encoded entry.
    static let byteCount = 24
    /// Size of an entry of a packed table (`Elf64_Relr`), and of each word that it relocates.
    static let packedByteCount = 8

    /// Byte 0: the address to relocate.
    var address: UInt64
    /// Bytes 8–11: the type's number.
    var type: UInt32
    /// Bytes 12–15: the index of the symbol.
    var symbol: UInt32

    /// Decodes an entry; the loader alone needs the addend.
    init(decoding entry: RawSpan) {
        address = entry.littleEndian(at: 0)
        type = entry.littleEndian(at: 8)
        symbol = entry.littleEndian(at: 12)
    }
}

/// What the loader writes to 8 bytes: the types that it applies (the psABI's "Relocation Types").
///
/// The names are those of x86-64; AArch64 has the same types.
///
/// The address of a symbol is its value plus the load offset. An absolute symbol (`SHN_ABS`) keeps
/// its value, and the address of an undefined weak symbol is 0.
public enum RelocationType: Int, CaseIterable, Sendable {
    /// `R_X86_64_NONE`: nothing.
    case nothing
    /// `R_X86_64_64`, `R_AARCH64_ABS64`: the address of a symbol, plus the addend.
    case symbol
    /// `R_X86_64_GLOB_DAT`: the address of a symbol.
    case globalData
    /// `R_X86_64_JUMP_SLOT`: the address of a symbol that is called.
    case jumpSlot
    /// `R_X86_64_RELATIVE`: the load offset plus the addend; in a packed table, plus what is there.
    case relative

    /// Whether the value depends on a symbol.
    var usesSymbol: Bool {
        switch self {
        case .nothing, .relative: false
        case .symbol, .globalData, .jumpSlot: true
        }
    }
}
