public import SystemPackage

/// The function that contains an address.
public struct FunctionName: Equatable, Sendable {
    /// The function's symbol, not demangled.
    public let symbol: String
    /// The distance of the address from the function's start, in bytes.
    public let offset: UInt64

    /// Looks up an address in a kernel's symbol table (gABI, "Symbol Table").
    ///
    /// - Parameters:
    ///   - address: A link address, even if the kernel was relocated.
    ///   - descriptor: Open for reading; it stays open.
    ///   - name: The file's name in errors.
    /// - Returns: The function; `nil` if there is no symbol table or no symbol for the address.
    /// - Throws: The file or its headers cannot be read.
    public static func find(
        _ address: UInt64, in descriptor: FileDescriptor, named name: String
    ) throws(ELFError) -> FunctionName? {
        do throws(Problem) {
            return try KernelFile(descriptor).functionName(at: address)
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }
}

extension KernelFile {
    /// The maximum length of a symbol's name in bytes; longer names are cut.
    private static let nameByteCountLimit: UInt64 = 1024

    fileprivate func functionName(at address: UInt64) throws(Problem) -> FunctionName? {
        let tables = try HeaderTables(reading: self, ProblemCollector(stopsAtFirst: true))
        guard let sections = tables?.sectionHeaders,
            let table = sections.first(where: { $0.type == SectionHeader.symbolTable }),
            Int(table.link) < sections.count,
            let range = table.fileRange(fileByteCount: byteCount)
        else { return nil }
        let names = sections[Int(table.link)]
        var best: Symbol?
        try forEachEntry(in: range, ofByteCount: Symbol.byteCount) {
            (entry) throws(Problem) in
            let symbol = Symbol(decoding: entry)
            if symbol.isCode(at: address, sections), symbol.value >= best?.value ?? 0,
                try !isMappingSymbol(symbol, in: names)
            {
                best = symbol
            }
            return true
        }
        guard let best, let name = try name(of: best, in: names) else { return nil }
        return FunctionName(symbol: name, offset: address - best.value)
    }

    /// Whether the symbol only marks where code or data starts: `$x`, `$d`, or one of them with a
    /// suffix after a dot (ELF for the Arm 64-bit Architecture, "Mapping symbols").
    private func isMappingSymbol(
        _ symbol: Symbol, in names: SectionHeader
    ) throws(Problem) -> Bool {
        // Mapping symbols are local and have neither type nor size.
        guard symbol.info == 0, symbol.byteCount == 0, let name = try name(of: symbol, in: names)
        else { return false }
        return ["$x", "$d"].contains { name == $0 || name.hasPrefix("\($0).") }
    }

    private func name(of symbol: Symbol, in section: SectionHeader) throws(Problem) -> String? {
        let offset = UInt64(symbol.nameOffset)
        guard offset < section.byteCount,
            let names = section.fileRange(fileByteCount: byteCount)
        else { return nil }
        return try text(
            in: names.lowerBound + offset..<names.upperBound, limit: Self.nameByteCountLimit)
    }
}

extension Symbol {
    /// Whether it is a function that contains the address.
    ///
    /// Code in assembly has no type (`STT_NOTYPE`); a symbol without size extends to the next one,
    /// within a section of code.
    fileprivate func isCode(at address: UInt64, _ sections: [SectionHeader]) -> Bool {
        guard type == 0 || type == 2, section != 0, nameOffset != 0, address >= value else {
            return false
        }
        if byteCount > 0 { return address - value < byteCount }
        guard Int(section) < sections.count else { return false }
        let section = sections[Int(section)]
        return section.flags & SectionHeader.code != 0 && address >= section.address
            && address - section.address < section.byteCount
    }
}
