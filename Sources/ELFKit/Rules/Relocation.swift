/// One relocation with addend (gABI, "Relocation": `Elf64_Rela`).
struct Relocation: Equatable {
    /// Size of the encoded entry.
    static let byteCount = 24

    /// Byte 0: the address of what is changed.
    var address: UInt64
    /// Bytes 8–11: what is done to it.
    var type: UInt32
    /// Bytes 12–15: the symbol whose value is used.
    var symbol: UInt32

    init(address: UInt64, type: UInt32, symbol: UInt32) {
        self.address = address
        self.type = type
        self.symbol = symbol
    }

    /// Decodes an entry; its addend may be anything.
    init(decoding entry: RawSpan) {
        self.init(
            address: entry.littleEndian(at: 0), type: entry.littleEndian(at: 8),
            symbol: entry.littleEndian(at: 12))
    }
}

/// The rules of relocations with addends for x86-64 (psABI x86-64, "Relocation Types"), except for
/// those of the symbols that they use.
struct RelocationRules {
    private var targets: RelocationTargets
    /// By raw value: counting in a dictionary would take three times as long as all the checks.
    private var countsByNumber = [UInt64](repeating: 0, count: RelocationType.numberLimit)

    /// How many relocations were checked of each type that occurred.
    var counts: [RelocationType: UInt64] {
        let types = RelocationType.allCases.filter { countsByNumber[$0.number] > 0 }
        return Dictionary(uniqueKeysWithValues: types.map { ($0, countsByNumber[$0.number]) })
    }

    init(_ image: LoadedImage) { targets = RelocationTargets(image) }

    /// Checks a relocation.
    ///
    /// - Returns: Its type; one that uses a symbol still needs to have that checked.
    mutating func check(
        _ relocation: Relocation, _ id: RelocationID
    ) throws(ELFError.Problem) -> RelocationType {
        guard let type = RelocationType(rawValue: relocation.type) else {
            throw .relocation(
                .unsupportedType(id, type: relocation.type, address: relocation.address))
        }
        guard type != .relative || relocation.symbol == 0 else {
            throw .relocation(.relativeWithSymbol(id, symbol: relocation.symbol))
        }
        if type != .nothing { try targets.check(relocation.address, of: id) }
        countsByNumber[type.number] += 1
        return type
    }
}

extension RelocationType {
    /// More than any type's number.
    fileprivate static let numberLimit = 9

    fileprivate var number: Int { Int(rawValue) }
}
