/// The dynamic section (gABI, "Dynamic Section"), as far as it matters to the loader.
struct DynamicSection: Equatable {
    /// Size of an entry: tag and value, 8 bytes each.
    static let entryByteCount = 16

    /// Where the name of the first needed library is in the string table.
    private(set) var neededLibrary: UInt64?
    private var values: [DynamicTag: UInt64] = [:]

    /// The address of the string table.
    var stringTable: UInt64? { values[.stringTable] }

    /// Takes the next entry.
    ///
    /// - Returns: Whether more entries follow.
    mutating func add(tag: UInt64, value: UInt64) throws(ELFError.Problem) -> Bool {
        switch DynamicTag(rawValue: tag) {
        case .null: return false
        case .needed: neededLibrary = neededLibrary ?? value
        case let tag?:
            guard values.updateValue(value, forKey: tag) == nil else {
                throw .dynamic(.duplicate(tag))
            }
        case nil: break
        }
        return true
    }

    /// Refuses relocation tables of the kinds that the loader does not apply.
    func checkUnsupportedTables() throws(ELFError.Problem) {
        let tables: [(address: DynamicTag, size: DynamicTag)] = [
            (.relr, .relrSize), (.rel, .relSize), (.procedureLinkage, .procedureLinkageSize),
        ]
        for table in tables where values[table.address] != nil && values[table.size] != 0 {
            throw .dynamic(.unsupportedTable(table.address))
        }
    }

    /// The addresses of the relocations with addends, if there are any.
    func relocationAddresses() throws(ELFError.Problem) -> Range<UInt64>? {
        guard let address = values[.rela] else {
            guard values[.relaSize] ?? 0 == 0 else {
                throw .dynamic(.missing(.rela, neededBy: .relaSize))
            }
            return nil
        }
        let byteCount = try relaValue(.relaSize)
        if byteCount == 0 { return nil }
        let entryByteCount = try relaValue(.relaEntrySize)
        guard entryByteCount == Relocation.byteCount else {
            throw .dynamic(.entrySize(entryByteCount))
        }
        guard byteCount.isMultiple(of: entryByteCount) else {
            throw .dynamic(.tableSize(byteCount))
        }
        guard let range = Range(start: address, count: byteCount) else {
            throw .dynamic(.tableNotLoaded(address: address, byteCount: byteCount))
        }
        return range
    }

    private func relaValue(_ tag: DynamicTag) throws(ELFError.Problem) -> UInt64 {
        guard let value = values[tag] else { throw .dynamic(.missing(tag, neededBy: .rela)) }
        return value
    }
}
