/// The rules on relocations (the psABI's "Relocation Types"; gABI, "Relative Relocation Table"),
/// except those on the symbols that they use.
struct RelocationRules {
    /// Size of each target, in bytes.
    private static let wordByteCount = UInt64(Relocation.packedByteCount)
    private static let bitmapWordCount: UInt64 = 63

    private let image: LoadedImage
    private let architecture: Architecture
    private let numbers: RelocationNumbers
    /// By raw value: counting in a dictionary would take three times as long as all the checks.
    private var countsByType = [UInt64](repeating: 0, count: RelocationType.allCases.count)
    /// The addresses of the last target's segment, which is tried first: a table may have millions
    /// of entries.
    private var lastSegment = 0..<UInt64(0)
    /// The word of a bitmap's first bit; `nil` before the first address.
    private var nextWord: UInt64?

    /// The number of relocations checked so far, by type.
    var counts: [RelocationType: UInt64] {
        let types = RelocationType.allCases.filter { countsByType[$0.rawValue] > 0 }
        return Dictionary(uniqueKeysWithValues: types.map { ($0, countsByType[$0.rawValue]) })
    }

    init(_ image: LoadedImage) {
        self.image = image
        architecture = image.tables.architecture
        numbers = architecture.relocationNumbers
    }

    /// Checks a relocation with addend.
    ///
    /// - Returns: Its type; the symbol of a type that uses one is still unchecked.
    mutating func check(
        _ relocation: Relocation, _ id: RelocationID
    ) throws(Problem) -> RelocationType {
        guard let type = numbers.type(relocation.type) else {
            throw .relocation(
                .unsupportedType(
                    id, type: relocation.type, address: relocation.address, architecture))
        }
        guard type != .relative || relocation.symbol == 0 else {
            throw .relocation(
                .relativeWithSymbol(id, symbol: relocation.symbol, architecture))
        }
        if type != .nothing { try checkTarget(relocation.address, of: id) }
        countsByType[type.rawValue] += 1
        return type
    }

    /// Checks the next entry of a packed table.
    ///
    /// An even entry is the address of a word of 8 bytes to relocate. An odd entry is a bitmap of
    /// the 63 words after those of the previous entries: bit 1 stands for the first one.
    mutating func checkPacked(_ entry: UInt64, _ id: RelocationID) throws(Problem) {
        if entry.isMultiple(of: 2) {
            try checkWord(at: entry, id)
            nextWord = entry + Self.wordByteCount
            return
        }
        guard let start = nextWord else {
            throw .relocation(.bitmapWithoutAddress(id, bitmap: entry))
        }
        var bits = entry >> 1
        while bits != 0 {
            // Addresses wrap around as in the loader; every address is checked.
            let offset = UInt64(bits.trailingZeroBitCount) * Self.wordByteCount
            try checkWord(at: start &+ offset, id)
            bits &= bits - 1
        }
        nextWord = start &+ Self.bitmapWordCount * Self.wordByteCount
    }

    private mutating func checkWord(at address: UInt64, _ id: RelocationID) throws(Problem) {
        try checkTarget(address, of: id)
        countsByType[RelocationType.relative.rawValue] += 1
    }

    /// Checks that the 8 bytes to relocate are in a segment.
    private mutating func checkTarget(
        _ address: UInt64, of relocation: RelocationID
    ) throws(Problem) {
        guard
            let target = Range(start: address, count: Self.wordByteCount),
            lastSegment.encloses(target) || findSegment(of: target)
        else { throw .relocation(.targetNotLoaded(relocation, address: address)) }
    }

    private mutating func findSegment(of target: Range<UInt64>) -> Bool {
        let segment = image.segments.first { $0.memoryRange.encloses(target) }
        guard let segment else { return false }
        lastSegment = segment.memoryRange
        return true
    }
}
