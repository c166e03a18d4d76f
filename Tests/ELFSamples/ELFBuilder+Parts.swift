extension ELFBuilder {
    /// Adds a thread-local template, `PT_TLS`, or another segment over the start of the data.
    mutating func addTLS(
        type: UInt32 = 7, fileByteCount: UInt64 = 0x10, memoryByteCount: UInt64 = 0x20
    ) {
        segments.append(
            Segment(
                type: type, flags: 4, offset: 0x280, address: 0x101280,
                fileByteCount: fileByteCount, memoryByteCount: memoryByteCount, alignment: 16))
    }

    /// Adds `PT_GNU_RELRO` over these addresses.
    mutating func addRELRO(_ addresses: Range<UInt64>) {
        let byteCount = addresses.upperBound - addresses.lowerBound
        segments.append(
            Segment(
                type: 0x6474_e552, flags: 4, offset: 0x280, address: addresses.lowerBound,
                fileByteCount: byteCount, memoryByteCount: byteCount, alignment: 1))
    }

    typealias DynamicEntry = (tag: UInt64, value: UInt64)

    /// Adds a dynamic section at 0x300 in the file, 0x101300 in memory.
    mutating func addDynamic(_ entries: [DynamicEntry]) {
        let bytes = entries.flatMap { number($0.tag) + number($0.value) }
        contents.append((0x300, bytes))
        segments.append(
            Segment(
                type: 2, offset: 0x300, address: 0x101300, fileByteCount: UInt64(bytes.count),
                memoryByteCount: UInt64(bytes.count), alignment: 8))
    }

    /// Adds relocations at 0x280 in the file, 0x101280 in memory, with a dynamic section for them
    /// and for the symbols of `addSymbol`.
    mutating func addRelocations(
        _ relocations: [(address: UInt64, type: UInt32, symbol: UInt32)], forCalls: Bool = false
    ) {
        let bytes = relocations.flatMap {
            encodedRelocation(at: $0.address, type: $0.type, symbol: $0.symbol)
        }
        contents.append((0x280, bytes))
        let byteCount = UInt64(bytes.count)
        let rela: [DynamicEntry] = [(7, 0x101280), (8, byteCount), (9, 24)]
        let calls: [DynamicEntry] = [(23, 0x101280), (2, byteCount), (20, 7)]
        addDynamic(
            (forCalls ? calls : rela) + [(5, 0x1013c0), (6, 0x1013d0), (11, 24), (0, 0)])
    }

    /// Adds symbol 1, named "wanted", up to the end of the data's bytes.
    mutating func addSymbol(binding: UInt8 = 1, type: UInt8 = 0, section: UInt16) {
        contents.append((0x3c0, Array("\0wanted\0".utf8)))
        contents.append((0x3e8, encodedSymbol(binding: binding, type: type, section: section)))
    }

    /// Adds packed relocations at 0x280 in the file, 0x101280 in memory, with a dynamic section.
    mutating func addPackedRelocations(_ entries: [UInt64]) {
        contents.append((0x280, entries.flatMap { number($0) }))
        addDynamic([(36, 0x101280), (35, UInt64(entries.count * 8)), (37, 8), (0, 0)])
    }

    /// Adds a table of each kind, with a symbol.
    mutating func addEveryTable() {
        addSymbol(section: 1)
        let rela =
            encodedRelocation(at: 0x101400, type: 8) + encodedRelocation(type: 1, symbol: 1)
        let calls = encodedRelocation(type: 7, symbol: 1)
        let packed = number(UInt64(0x101408)) + number(UInt64(0b11))
        contents.append((0x280, rela + calls + packed))
        addDynamic([
            (36, 0x1012c8), (35, 16), (37, 8), (23, 0x1012b0), (2, 24), (20, 7),
            (7, 0x101280), (8, 48), (9, 24), (5, 0x1013c0), (6, 0x1013d0), (0, 0),
        ])
    }

    /// Extends the data by these bytes, at 0x400 in the file and 0x101400 in memory; no zeroes.
    mutating func extendData(with bytes: [UInt8]) {
        contents.append((0x400, bytes))
        fileByteCount = 0x400 + bytes.count
        segments[1].fileByteCount = UInt64(0x180 + bytes.count)
        segments[1].memoryByteCount = segments[1].fileByteCount
    }

    /// Adds sections: `.bootloader-config` with these bytes at 0x400, names at 0x600.
    mutating func addConfiguration(_ bytes: [UInt8]) {
        let names = Array("\0.bootloader-config\0.shstrtab\0".utf8)
        contents += [(0x400, bytes), (0x600, names)]
        sections = [
            Section(type: 0),
            Section(name: 1, offset: 0x400, byteCount: UInt64(bytes.count)),
            Section(name: 20, type: 3, offset: 0x600, byteCount: UInt64(names.count)),
        ]
        sectionNameIndex = 2
        sectionHeaderOffset = 0x640
        fileByteCount = 0x700
    }

    /// Adds a note with these words, in `PT_NOTE` at 0x380 in the file.
    mutating func addNote(_ owner: String, type: UInt32, _ words: [UInt32]) {
        var bytes = number(UInt32(owner.utf8.count + 1)) + number(UInt32(words.count * 4))
        bytes += number(type) + Array(owner.utf8)
        bytes +=
            [UInt8](repeating: 0, count: 4 - owner.utf8.count % 4) + words.flatMap { number($0) }
        contents.append((0x380, bytes))
        segments.append(
            Segment(
                type: 4, flags: 4, offset: 0x380, address: 0x101380,
                fileByteCount: UInt64(bytes.count), memoryByteCount: UInt64(bytes.count),
                alignment: 4))
    }

    /// Adds a section for the code after the others.
    mutating func addCodeSection(type: UInt32 = 1) {
        sections.append(Section(type: type, flags: 6, offset: 0x200, byteCount: 0x80))
        fileByteCount = 0x640 + sections.count * 64
    }
}

/// A relocation with an addend.
func encodedRelocation(
    at address: UInt64 = 0x101280, type: UInt32, symbol: UInt32 = 0
) -> [UInt8] {
    number(address) + number(type) + number(symbol) + number(UInt64(0x100200))
}

/// A symbol whose name is at 1 in the string table.
func encodedSymbol(binding: UInt8, type: UInt8 = 0, section: UInt16) -> [UInt8] {
    number(UInt32(1)) + [binding << 4 | type, 0] + number(section) + number(UInt64(0x101280))
        + number(UInt64(8))
}
