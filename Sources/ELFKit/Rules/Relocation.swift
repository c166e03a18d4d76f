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

/// The rules of relocations with addends (the psABI's "Relocation Types"), except for those of the
/// symbols that they use.
struct RelocationRules {
    private let architecture: Architecture
    private let numbers: RelocationNumbers
    private var targets: RelocationTargets
    /// By raw value: counting in a dictionary would take three times as long as all the checks.
    private var countsByType = [UInt64](repeating: 0, count: RelocationType.allCases.count)

    /// How many relocations were checked of each type that occurred.
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
    /// - Returns: Its type; one that uses a symbol still needs to have that checked.
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
