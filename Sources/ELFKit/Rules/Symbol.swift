/// One symbol (gABI, "Symbol Table": `Elf64_Sym`), as far as relocations depend on it.
struct Symbol: Equatable {
    /// Size of the encoded entry.
    static let byteCount = 24

    /// Bytes 0–3: where the name is in the string table.
    var nameOffset: UInt32
    /// Byte 4: type in the lower half, binding in the upper one.
    var info: UInt8
    /// Bytes 6–7: the section that defines it, or a number that stands for none.
    var section: UInt16

    /// Decodes an entry; its value may be anything.
    init(decoding entry: RawSpan) {
        nameOffset = entry.littleEndian(at: 0)
        info = entry.littleEndian(at: 4)
        section = entry.littleEndian(at: 6)
    }

    /// Its type, if that is one that relocations cannot use.
    var unsupportedType: UnsupportedSymbolType? { UnsupportedSymbolType(rawValue: info & 0xf) }

    /// Whether it has an address: `SHN_UNDEF` has none, but counts as 0 if it is `STB_WEAK`.
    var isResolved: Bool { section != 0 || info >> 4 == 2 }
}
