/// The entries of the dynamic section that the loader reads (gABI, "Dynamic Section").
struct DynamicSection: Equatable {
    /// Size of an entry: tag and value, 8 bytes each.
    static let entryByteCount = 16

    /// The offset of the first required library's name in the string table.
    private(set) var neededLibrary: UInt64?
    private var values: [DynamicTag: UInt64] = [:]

    /// The value of that entry, if there is one.
    subscript(tag: DynamicTag) -> UInt64? { values[tag] }

    /// Adds the next entry.
    ///
    /// - Returns: Whether more entries follow.
    mutating func add(tag: UInt64, value: UInt64) throws(Problem) -> Bool {
        switch DynamicTag(rawValue: tag) {
        case .null: return false
        case .needed: neededLibrary = neededLibrary ?? value
        case let tag?:
            if let allowed = tag.allowedValue, value != allowed {
                throw .dynamic(.encoding(tag, found: value, allowed: allowed))
            }
            guard values.updateValue(value, forKey: tag) == nil else {
                throw .dynamic(.duplicate(tag))
            }
        case nil: break
        }
        return true
    }

    /// Refuses relocations without addends, which the loader does not apply.
    func checkUnsupportedTables() throws(Problem) {
        // A table of unknown size may have entries.
        guard values[.relSize] ?? values[.rel] ?? 0 == 0 else {
            throw .dynamic(.unsupportedTable(.rel))
        }
    }

    /// Returns the addresses of a relocation table; `nil` if it has no entries.
    func addresses(of table: RelocationTable.Kind) throws(Problem) -> Range<UInt64>? {
        let tags = table.tags
        guard let address = values[tags.address] else {
            guard values[tags.size] ?? 0 == 0 else {
                throw .dynamic(.missing(tags.address, neededBy: tags.size))
            }
            return nil
        }
        let byteCount = try value(of: tags.size, neededBy: tags.address)
        if byteCount == 0 { return nil }
        _ = try value(of: tags.encoding, neededBy: tags.address)
        guard byteCount.isMultiple(of: UInt64(table.entryByteCount)) else {
            throw .dynamic(.tableSize(table, byteCount: byteCount))
        }
        guard let range = Range(start: address, count: byteCount) else {
            throw .dynamic(.tableNotLoaded(table, address: address, byteCount: byteCount))
        }
        return range
    }

    /// Returns the value of an entry that another one requires.
    func value(of tag: DynamicTag, neededBy user: DynamicTag) throws(Problem) -> UInt64 {
        guard let value = values[tag] else { throw .dynamic(.missing(tag, neededBy: user)) }
        return value
    }
}
