extension ELFBuilder {
    /// Adds a thread-local template, `PT_TLS`, over the start of the data.
    mutating func addTLS(fileByteCount: UInt64 = 0x10, memoryByteCount: UInt64 = 0x20) {
        segments.append(
            Segment(
                type: 7, flags: 4, offset: 0x280, address: 0x101280,
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

    /// Adds a dynamic section at 0x300 in the file, 0x101300 in memory.
    mutating func addDynamic(_ entries: [(tag: UInt64, value: UInt64)]) {
        let bytes = entries.flatMap { number($0.tag) + number($0.value) }
        contents.append((0x300, bytes))
        segments.append(
            Segment(
                type: 2, offset: 0x300, address: 0x101300, fileByteCount: UInt64(bytes.count),
                memoryByteCount: UInt64(bytes.count), alignment: 8))
    }

    /// Adds relocations at 0x280 in the file, 0x101280 in memory, with a dynamic section for them.
    mutating func addRelocations(
        _ relocations: [(address: UInt64, type: UInt32, symbol: UInt32)]
    ) {
        let bytes = relocations.flatMap {
            number($0.address) + number($0.type) + number($0.symbol) + number(UInt64(0x100200))
        }
        contents.append((0x280, bytes))
        addDynamic([(7, 0x101280), (8, UInt64(bytes.count)), (9, 24), (0, 0)])
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
}
