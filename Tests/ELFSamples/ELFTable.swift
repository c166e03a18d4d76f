/// A table of structures in a file, and the widths of the structure's fields.
struct ELFTable {
    let offset: Int
    let count: Int
    /// The width of each field in bytes, at most 8.
    let widths: [Int]

    var entryByteCount: Int { widths.reduce(0, +) }

    func range(ofEntry index: Int) -> Range<Int> {
        let start = offset + index * entryByteCount
        return start..<start + entryByteCount
    }

    func range(ofField field: Int, inEntry index: Int) -> Range<Int> {
        let start = range(ofEntry: index).lowerBound + widths[..<field].reduce(0, +)
        return start..<start + widths[field]
    }
}

extension ELFTable {
    /// Returns the tables of a valid kernel by `ELFBuilder`, as its fields locate them.
    static func all(of file: [UInt8]) -> [ELFTable] {
        let segments = programHeaders(of: file)
        return [header, segments] + sectionTables(of: file)
            + dynamicTables(of: file, segments: segments)
    }

    static let identification = [Int](repeating: 1, count: 12)
    static let header = ELFTable(
        offset: 0, count: 1,
        widths: [4] + identification + [2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2])

    static func programHeaders(of file: [UInt8]) -> ELFTable {
        ELFTable(
            offset: file.number(at: 32, 8), count: file.number(at: 56, 2),
            widths: [4, 4, 8, 8, 8, 8, 8, 8])
    }

    /// Section headers, section names byte by byte, and `.bootloader-config`, which comes first.
    private static func sectionTables(of file: [UInt8]) -> [ELFTable] {
        let offset = file.number(at: 40, 8)
        if offset == 0 { return [] }
        let headers = ELFTable(
            offset: offset, count: file.number(at: 60, 2),
            widths: [4, 4, 8, 8, 8, 8, 4, 4, 8, 8])
        let names = headers.range(ofEntry: file.number(at: 62, 2)).lowerBound
        let mapping = [1, 8]
        let stack = [8] + mapping + mapping + mapping + mapping
        let memory = [1] + mapping + [1] + mapping + [1]
        let last = mapping + mapping + mapping + mapping + mapping
        return [
            headers,
            ELFTable(
                offset: file.number(at: names + 24, 8), count: file.number(at: names + 32, 8),
                widths: [1]),
            ELFTable(
                offset: file.number(at: headers.range(ofEntry: 1).lowerBound + 24, 8), count: 1,
                widths: [8, 8, 2, 2, 2, 1] + stack + memory + last),
        ]
    }

    private static func dynamicTables(of file: [UInt8], segments: ELFTable) -> [ELFTable] {
        let headers = (0..<segments.count).map { segments.range(ofEntry: $0).lowerBound }
        guard let header = headers.first(where: { file.number(at: $0, 4) == 2 }) else { return [] }
        let entries = ELFTable(
            offset: file.number(at: header + 8, 8), count: file.number(at: header + 32, 8) / 16,
            widths: [8, 8])
        let value = { (tag: Int) -> Int? in
            let entry = (0..<entries.count).map { entries.range(ofEntry: $0).lowerBound }
                .first { file.number(at: $0, 8) == tag }
            return entry.map { file.number(at: $0 + 8, 8) }
        }
        // All addresses in the data differ from their file offsets by the same distance.
        let data = headers[1]
        let distance = file.number(at: data + 16, 8) - file.number(at: data + 8, 8)
        let relocation = [8, 4, 4, 8]
        let tables = [(7, 8, relocation), (23, 2, relocation), (36, 35, [8])]
        let relocations = tables.compactMap { address, size, widths -> ELFTable? in
            guard let start = value(address), let byteCount = value(size) else { return nil }
            return ELFTable(
                offset: start - distance, count: byteCount / widths.reduce(0, +), widths: widths)
        }
        let symbols = value(6).map {
            ELFTable(offset: $0 - distance, count: 2, widths: [4, 1, 1, 2, 8, 8])
        }
        return [entries] + relocations + [symbols].compactMap { $0 }
    }
}

extension [UInt8] {
    /// A little-endian number in a file that is known to be valid.
    func number(at offset: Int, _ width: Int) -> Int {
        self[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
