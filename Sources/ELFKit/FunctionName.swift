public import SystemPackage

/// A function that an address is in.
public struct FunctionName: Equatable, Sendable {
    /// As the linker knows it.
    public let symbol: String
    /// How far the address is from the function's start, in bytes.
    public let offset: UInt64

    /// Looks an address up in a kernel's symbol table (gABI, "Symbol Table").
    ///
    /// - Parameters:
    ///   - address: Where it was linked for, whatever it was moved by.
    ///   - descriptor: Open for reading; it stays open.
    ///   - name: What errors call the file.
    /// - Returns: The function, or nil if the table, or its absence, does not say.
    /// - Throws: Why the file cannot be read.
    public static func find(
        _ address: UInt64, in descriptor: FileDescriptor, named name: String
    ) throws(ELFError) -> FunctionName? {
        do throws(ELFError.Problem) {
            return try KernelFile(descriptor).functionName(at: address)
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }
}

extension KernelFile {
    /// `SHT_SYMTAB`.
    private static let symbolTableType: UInt32 = 2
    /// Longest name that is told, in bytes.
    private static let nameByteCountLimit: UInt64 = 1024

    fileprivate func functionName(
        at address: UInt64
    ) throws(ELFError.Problem) -> FunctionName? {
        let tables = try HeaderTables(reading: self, ProblemCollector(stopsAtFirst: true))
        guard let sections = tables?.sectionHeaders,
            let table = sections.first(where: { $0.type == Self.symbolTableType }),
            Int(table.link) < sections.count,
            let range = Range(start: table.offset, count: table.byteCount),
            range.upperBound <= byteCount
        else { return nil }
        let names = sections[Int(table.link)]
        var best: FunctionSymbol?
        try forEachEntry(in: range, ofByteCount: Symbol.byteCount) {
            (entry) throws(ELFError.Problem) in
            if let symbol = FunctionSymbol(decoding: entry), symbol.holds(address, sections),
                symbol.address >= best?.address ?? 0, try !isMark(symbol, in: names)
            {
                best = symbol
            }
            return true
        }
        guard let best, let name = try name(at: best.nameOffset, in: names) else { return nil }
        return FunctionName(symbol: name, offset: address - best.address)
    }

    /// Whether it only says where code or data begins: `$x`, `$d`, or these and what follows a dot
    /// (ELF for the Arm 64-bit Architecture, "Mapping symbols").
    private func isMark(
        _ symbol: FunctionSymbol, in names: SectionHeader
    ) throws(ELFError.Problem) -> Bool {
        guard symbol.mayBeMark, let name = try name(at: symbol.nameOffset, in: names) else {
            return false
        }
        return ["$x", "$d"].contains { name == $0 || name.hasPrefix("\($0).") }
    }

    private func name(
        at offset: UInt32, in section: SectionHeader
    ) throws(ELFError.Problem) -> String? {
        guard let names = Range(start: section.offset, count: section.byteCount),
            names.upperBound <= byteCount, UInt64(offset) < section.byteCount
        else { return nil }
        let start = names.lowerBound + UInt64(offset)
        let end = min(start + Self.nameByteCountLimit, names.upperBound)
        let name = try bytes(in: start..<end).prefix { $0 != 0 }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
}

/// A symbol that may be a function's: code in assembly has no type (`STT_NOTYPE`).
private struct FunctionSymbol {
    private static let kinds: Set<UInt8> = [0, 2]

    let nameOffset: UInt32
    let address: UInt64
    private let byteCount: UInt64
    private let section: UInt16
    /// Whether it is local and has neither type nor size.
    let mayBeMark: Bool

    /// Decodes an entry; nil if it stands for no code.
    init?(decoding entry: RawSpan) {
        let symbol = Symbol(decoding: entry)
        guard Self.kinds.contains(symbol.info & 0xF), symbol.section != 0, symbol.nameOffset != 0
        else { return nil }
        nameOffset = symbol.nameOffset
        address = entry.littleEndian(at: 8)
        byteCount = entry.littleEndian(at: 16)
        section = symbol.section
        mayBeMark = symbol.info == 0 && byteCount == 0
    }

    /// One without a size is as long as the next symbol lets it be, in a section of code.
    func holds(_ other: UInt64, _ sections: [SectionHeader]) -> Bool {
        guard other >= address else { return false }
        if byteCount > 0 { return other - address < byteCount }
        guard Int(section) < sections.count else { return false }
        let section = sections[Int(section)]
        return section.flags & SectionHeader.code != 0 && other >= section.address
            && other - section.address < section.byteCount
    }
}
