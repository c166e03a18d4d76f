/// One entry of a symbol table (gABI, "Symbol Table": `Elf64_Sym`).
struct Symbol: Equatable {
    /// Size of the encoded entry.
    static let byteCount = 24

    /// Bytes 0–3: the offset of the name in the string table.
    var nameOffset: UInt32
    /// Byte 4: type in the lower half, binding in the upper half.
    var info: UInt8
    /// Bytes 6–7: the index of the section that defines it, or a reserved number.
    var section: UInt16
    /// Bytes 8–15: its value, an address in most cases.
    var value: UInt64
    /// Bytes 16–23: its size in bytes; 0 if unknown.
    var byteCount: UInt64

    /// Decodes an entry of 24 bytes.
    init(decoding entry: RawSpan) {
        nameOffset = entry.littleEndian(at: 0)
        info = entry.littleEndian(at: 4)
        section = entry.littleEndian(at: 6)
        value = entry.littleEndian(at: 8)
        byteCount = entry.littleEndian(at: 16)
    }

    /// `STT_…`: 0 for code in assembly, 2 for a function.
    var type: UInt8 { info & 0xf }

    /// Its type if relocations cannot use it, otherwise `nil`.
    var unsupportedType: UnsupportedSymbolType? { UnsupportedSymbolType(rawValue: type) }

    /// Whether it has an address: `SHN_UNDEF` has none, but counts as 0 for `STB_WEAK`.
    var isResolved: Bool { section != 0 || info >> 4 == 2 }
}

/// Types of symbols that relocations cannot use (gABI, "Symbol Table"; `STT_GNU_IFUNC` by GNU).
public enum UnsupportedSymbolType: UInt8, Sendable {
    /// `STT_TLS`: has a different address in each thread.
    case threadLocal = 6
    /// `STT_GNU_IFUNC`: code that chooses the address.
    case indirectFunction = 10
}
