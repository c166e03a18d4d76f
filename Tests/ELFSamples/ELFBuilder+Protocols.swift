extension ELFBuilder {
    /// Adds numbers of 32 bits at that offset of the file.
    mutating func add(_ words: [UInt32], at offset: Int) {
        contents.append((offset, words.flatMap { number($0) }))
    }

    /// Adds a header of Multiboot with these flags, and with the other fields after its checksum.
    mutating func addMultiboot(
        flags: UInt32 = 0, fields: [UInt32] = [], at offset: Int = 0x280
    ) {
        let magic: UInt32 = 0x1bad_b002
        add([magic, flags, 0 &- magic &- flags] + fields, at: offset)
    }

    /// Adds a header of Multiboot with the addresses of the whole file, from 0x100000 on.
    mutating func addFlatMultiboot(
        header: UInt32 = 0x10_0280, load: UInt32 = 0x10_0000, loadEnd: UInt32 = 0x10_0400,
        zeroEnd: UInt32 = 0x10_0800, entry: UInt32 = 0x10_0200
    ) {
        addMultiboot(flags: 1 << 16, fields: [header, load, loadEnd, zeroEnd, entry])
    }

    /// A tag of Multiboot2's header.
    struct MultibootTag {
        var type: UInt16
        var flags: UInt16 = 0
        /// The size, if it is not that of these words.
        var byteCount: UInt32?
        var words: [UInt32] = []

        fileprivate var bytes: [UInt8] {
            let padding = [UInt8](repeating: 0, count: words.count % 2 * 4)
            return number(type) + number(flags) + number(byteCount ?? UInt32(8 + words.count * 4))
                + words.flatMap { number($0) } + padding
        }
    }

    /// Adds a header of Multiboot2 with these tags, and an end tag.
    mutating func addMultiboot2(
        _ tags: [MultibootTag] = [], architecture: UInt32 = 0, byteCount: UInt32? = nil,
        at offset: Int = 0x280
    ) {
        let bytes = (tags + [MultibootTag(type: 0)]).flatMap(\.bytes)
        let magic: UInt32 = 0xe852_50d6
        let byteCount = byteCount ?? UInt32(16 + bytes.count)
        add([magic, architecture, byteCount, 0 &- magic &- architecture &- byteCount], at: offset)
        contents.append((offset + 16, bytes))
    }

    /// Adds a section `.stivale2hdr`, or one of another name, for the data.
    mutating func addSection(_ name: String) {
        addConfiguration([])
        contents.append((0x620, Array(name.utf8) + [0]))
        sections[1] = Section(name: 0x20, offset: 0x280, byteCount: 0x80)
        sections[2].byteCount = 0x40
    }
}
