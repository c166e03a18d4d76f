/// The entries of the dynamic section that describe a relocation table.
private struct TableTags {
    let address, size, encoding: Int128
    let entrySize: Int128
}

extension Verdict {
    /// `DT_RELA`, `DT_JMPREL`.
    private static let withAddends = [
        TableTags(address: 7, size: 8, encoding: 9, entrySize: 24),
        TableTags(address: 23, size: 2, encoding: 20, entrySize: 24),
    ]
    /// `DT_RELR`.
    private static let packed = TableTags(address: 36, size: 35, encoding: 37, entrySize: 8)

    /// Entries with one supported value: the sizes of entries; `DT_PLTREL` is `DT_RELA`.
    private static let fixedValues: [Int128: Int128] = [9: 24, 11: 24, 37: 8, 20: 7]

    /// Entries that may occur once.
    private static let singleTags: Set<Int128> = [2, 5, 6, 7, 8, 9, 11, 17, 18, 20, 23, 35, 36, 37]

    /// gABI, "Dynamic Section".
    mutating func judgeDynamicSection(_ headers: [ProgramHeader]) {
        guard let section = dynamicSection(headers), let values = dynamicValues(of: section) else {
            return
        }
        // Relocations without addends; if their size is unknown, there may be any number.
        require((values[18] ?? values[17] ?? 0) == 0, "dynamic-unsupported-table")
        for tags in Self.withAddends {
            if let table = table(tags, values) {
                judgeRelocations(
                    at: table.place, count: table.count / tags.entrySize, symbols: values[6])
            }
        }
        if let table = table(Self.packed, values) {
            judgePackedRelocations(at: table.place, count: table.count / Self.packed.entrySize)
        }
    }

    /// The entries up to `DT_NULL`; `nil` if there is none.
    private mutating func dynamicValues(of section: ProgramHeader) -> [Int128: Int128]? {
        var values: [Int128: Int128] = [:]
        for index in 0..<(section.fileSize / 16) {
            let place = section.offset + index * 16
            guard let tag = file.number(place, 8), let value = file.number(place + 8, 8) else {
                break
            }
            if tag == 0 { return values }
            require(tag != 1, "dynamic-needs-library")
            if let fixed = Self.fixedValues[tag] { require(value == fixed, "dynamic-encoding") }
            require(
                values[tag] == nil || !Self.singleTags.contains(tag), "dynamic-duplicate")
            values[tag] = value
        }
        brokenRules.insert("dynamic-unterminated")
        return nil
    }

    /// The file offset and size in bytes of a table that has entries.
    private mutating func table(
        _ tags: TableTags, _ values: [Int128: Int128]
    ) -> (place: Int128, count: Int128)? {
        guard let address = values[tags.address] else {
            require(values[tags.size] ?? 0 == 0, "dynamic-missing")
            return nil
        }
        require(values[tags.size] != nil, "dynamic-missing")
        guard let size = values[tags.size], size > 0 else { return nil }
        require(values[tags.encoding] != nil, "dynamic-missing")
        require(size.isMultiple(of: tags.entrySize), "dynamic-table-size")
        let place = loads.compactMap { $0.place(of: address, size) }.first
        require(place != nil, "dynamic-table-not-loaded")
        return place.map { ($0, size) }
    }
}
