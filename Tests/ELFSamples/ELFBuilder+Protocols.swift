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

    /// Replaces the ELF header by the `Image` header of a flat kernel for 64-bit ARM.
    mutating func makeImage(textOffset: UInt64 = 0, byteCount: UInt64 = 0x400, flags: UInt64 = 8) {
        let code: [UInt32] = [0xd503_201f, 0xd503_201f]
        let fields = [textOffset, byteCount, flags, 0, 0, 0].flatMap { number($0) }
        contents.append((0, code.flatMap { number($0) } + fields + Array("ARM\u{64}".utf8)))
        contents.append((60, number(UInt32(0))))
    }

    /// Links a kernel for 64-bit ARM so that its first segment is at that address.
    mutating func linkForMemory(at address: UInt64) {
        machine = 183
        let slide = address &- segments[0].address
        for index in segments.indices { segments[index].address &+= slide }
        entry &+= slide
    }

    /// Adds a section `.stivale2hdr`, or one of another name, for the data.
    mutating func addSection(_ name: String) {
        addConfiguration([])
        contents.append((0x620, Array(name.utf8) + [0]))
        sections[1] = Section(name: 0x20, offset: 0x280, byteCount: 0x80)
        sections[2].byteCount = 0x40
    }
}

/// The structures of the Limine boot protocol, as words.
enum Limine {
    static let start: [UInt64] = [
        0xf6b8_f4b3_9de7_d1ae, 0xfab9_1a69_40fc_b9cf, 0x785c_6ed0_15d3_e316, 0x181e_920a_7852_b9d9,
    ]
    static let end: [UInt64] = [0xadc0_e053_1bb1_0d03, 0x9572_709f_3176_4c62]
    static let directMap: [UInt64] = [0x48dc_f1cb_8ad2_b852, 0x6398_4e95_9a98_244b]
    static let entryPoint: [UInt64] = [0x13d8_6c03_5a1c_d3e1, 0x2b0c_aa89_d8f3_026a]

    static func base(_ revision: UInt64) -> [UInt64] {
        [0xf956_2b2d_5c95_a6c8, 0x6a7b_3849_4453_6bdc, revision]
    }

    static func request(
        _ identifier: [UInt64] = directMap, revision: UInt64 = 0, _ fields: [UInt64] = []
    ) -> [UInt64] {
        [0xc7b1_dd30_df4c_8b88, 0x0a82_e883_a194_f07b] + identifier + [revision, 0] + fields
    }
}

extension ELFBuilder {
    /// Links the kernel where Limine kernels are.
    mutating func linkForLimine() {
        let base: UInt64 = 0xffff_ffff_8000_0000
        entry += base
        for index in segments.indices { segments[index].address += base }
    }

    /// Links the kernel for Limine and adds these structures, one after the other.
    mutating func addLimine(_ parts: [[UInt64]], at offset: Int = 0x280) {
        linkForLimine()
        contents.append((offset, parts.joined().flatMap { number($0) }))
    }
}
