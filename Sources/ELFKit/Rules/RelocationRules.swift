/// The rules on relocations with addends (the psABI's "Relocation Types"), except those on the
/// symbols that they use.
struct RelocationRules {
    private let architecture: Architecture
    private let numbers: RelocationNumbers
    private var targets: RelocationTargets
    /// By raw value: counting in a dictionary would take three times as long as all the checks.
    private var countsByType = [UInt64](repeating: 0, count: RelocationType.allCases.count)

    /// The number of relocations checked so far, by type.
    var counts: [RelocationType: UInt64] {
        let types = RelocationType.allCases.filter { countsByType[$0.rawValue] > 0 }
        return Dictionary(uniqueKeysWithValues: types.map { ($0, countsByType[$0.rawValue]) })
    }

    init(_ image: LoadedImage) {
        architecture = image.architecture
        numbers = image.architecture.relocationNumbers
        targets = RelocationTargets(image)
    }

    /// Checks a relocation.
    ///
    /// - Returns: Its type; the symbol of a type that uses one is still unchecked.
    mutating func check(
        _ relocation: Relocation, _ id: RelocationID
    ) throws(ELFError.Problem) -> RelocationType {
        guard let type = numbers.type(relocation.type) else {
            throw .relocation(
                .unsupportedType(
                    id, type: relocation.type, address: relocation.address, architecture))
        }
        guard type != .relative || relocation.symbol == 0 else {
            throw .relocation(
                .relativeWithSymbol(id, symbol: relocation.symbol, architecture))
        }
        if type != .nothing { try targets.check(relocation.address, of: id) }
        countsByType[type.rawValue] += 1
        return type
    }
}

/// The rules on packed relative relocations (gABI, "Relative Relocation Table").
///
/// An even entry is the address of a word of 8 bytes to relocate. An odd entry is a bitmap of the
/// 63 words after those of the previous entries: bit 1 stands for the first one.
struct PackedRelocationRules {
    private static let wordByteCount = UInt64(Relocation.packedByteCount)
    private static let bitmapWordCount: UInt64 = 63

    private var targets: RelocationTargets
    /// The word of a bitmap's first bit; `nil` before the first address.
    private var nextWord: UInt64?
    /// The number of words checked so far.
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
            // Addresses wrap around as in the loader; every address is checked.
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

/// The rule on the target of a relocation: 8 bytes in a segment.
///
/// A table may have millions of entries, so the segment of the last target is tried first.
private struct RelocationTargets {
    private static let byteCount: UInt64 = 8

    private let image: LoadedImage
    private var lastSegment = 0..<UInt64(0)

    init(_ image: LoadedImage) { self.image = image }

    /// Checks that the relocation changes only loaded bytes.
    mutating func check(
        _ address: UInt64, of relocation: RelocationID
    ) throws(ELFError.Problem) {
        guard
            let target = Range(start: address, count: Self.byteCount),
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
