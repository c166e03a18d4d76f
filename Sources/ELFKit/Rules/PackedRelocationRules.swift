/// The rules of packed relative relocations (gABI, "Relative Relocation Table").
///
/// An even entry is the address of a word, 8 bytes, to be relocated. An odd entry is a bitmap of
/// the 63 words behind those that the entries before it told of: bit 1 stands for the first one.
struct PackedRelocationRules {
    /// Size of an entry, and of a word.
    static let entryByteCount = 8
    private static let wordByteCount = UInt64(entryByteCount)
    private static let bitmapWordCount: UInt64 = 63

    private var targets: RelocationTargets
    /// The word that the first bit of a bitmap stands for; `nil` before the first address.
    private var nextWord: UInt64?
    /// How many words are relocated.
    private(set) var count: UInt64 = 0

    init(_ image: LoadedImage) { targets = RelocationTargets(image) }

    /// Checks the next entry of the table.
    mutating func check(_ entry: UInt64, _ id: RelocationID) throws(ELFError.Problem) {
        guard entry.isMultiple(of: 2) else { return try checkBitmap(entry, id) }
        try checkWord(at: entry, id)
        nextWord = entry + Self.wordByteCount
    }

    private mutating func checkBitmap(
        _ entry: UInt64, _ id: RelocationID
    ) throws(ELFError.Problem) {
        guard let start = nextWord else {
            throw .relocation(.bitmapWithoutAddress(id, bitmap: entry))
        }
        var bits = entry >> 1
        while bits != 0 {
            // Addresses wrap around, as the loader's do: each one is checked, whatever it is.
            let offset = UInt64(bits.trailingZeroBitCount) * Self.wordByteCount
            try checkWord(at: start &+ offset, id)
            bits &= bits - 1
        }
        nextWord = start &+ Self.bitmapWordCount * Self.wordByteCount
    }

    private mutating func checkWord(
        at address: UInt64, _ id: RelocationID
    ) throws(ELFError.Problem) {
        try targets.check(address, of: id)
        count += 1
    }
}
