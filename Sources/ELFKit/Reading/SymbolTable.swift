/// The symbol table of the dynamic section, read on demand.
///
/// Linkers sort relocations by symbol, so each read includes some of the following symbols.
struct SymbolTable {
    /// The maximum number of symbols in memory.
    private static let windowCount: UInt64 = 170

    private let file: KernelFile
    private let image: LoadedImage
    private let section: DynamicSection
    private var window: [UInt8] = []
    /// The index of the first symbol in memory.
    private var windowStart: UInt32 = 0

    init(of section: DynamicSection, in image: LoadedImage, from file: KernelFile) {
        (self.section, self.image, self.file) = (section, image, file)
    }

    /// Checks that the loader can determine the address of the symbol that a relocation uses.
    mutating func check(_ index: UInt32, for relocation: RelocationID) throws(Problem) {
        let symbol = try symbol(at: index, for: relocation)
        if let type = symbol.unsupportedType {
            throw .relocation(.symbolType(relocation, type, name: try name(of: symbol)))
        }
        guard symbol.isResolved else {
            throw .relocation(.undefinedSymbol(relocation, name: try name(of: symbol)))
        }
    }

    private func name(of symbol: Symbol) throws(Problem) -> String? {
        try file.string(at: UInt64(symbol.nameOffset), of: section, in: image)
    }

    private mutating func symbol(
        at index: UInt32, for relocation: RelocationID
    ) throws(Problem) -> Symbol {
        let heldCount = window.count / Symbol.byteCount
        if index < windowStart || index - windowStart >= heldCount {
            guard let range = try windowRange(from: index, for: relocation.table) else {
                throw .relocation(.symbolNotLoaded(relocation, symbol: index))
            }
            window = try file.bytes(in: range)
            windowStart = index
        }
        let start = Int(index - windowStart) * Symbol.byteCount
        return Symbol(
            decoding: window.span.bytes.extracting(start..<start + Symbol.byteCount))
    }

    /// Returns the file range of that symbol and some that follow; `nil` if it is not loaded.
    private func windowRange(
        from index: UInt32, for table: RelocationTable.Kind
    ) throws(Problem) -> Range<UInt64>? {
        let start = try section.value(of: .symbolTable, neededBy: table.tag)
        let symbolByteCount = UInt64(Symbol.byteCount)
        guard let before = Range(start: start, count: UInt64(index) * symbolByteCount),
            let loaded = image.fileRange(from: before.upperBound),
            loaded.byteCount >= symbolByteCount
        else { return nil }
        let count = min(loaded.byteCount / symbolByteCount, Self.windowCount)
        return Range(start: loaded.lowerBound, count: count * symbolByteCount)
    }
}
