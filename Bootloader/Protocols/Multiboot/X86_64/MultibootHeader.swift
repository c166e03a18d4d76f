/// What a kernel says in its Multiboot header (version 0.6.96, section 3.1) or Multiboot2 header
/// (version 2.0, section 3.1).
struct MultibootHeader {
    enum Version {
        case one
        case two
    }

    /// Where a file that need not be ELF goes, by physical addresses.
    struct Addresses {
        /// Of the header, whose place in the file is known.
        var header: UInt32
        /// Of the first byte to load; 0xFFFFFFFF: of the file's first byte.
        var load: UInt32
        /// 0: the file's end.
        var loadEnd: UInt32
        /// 0: nothing to clear.
        var bssEnd: UInt32
    }

    /// Where a kernel may be moved.
    struct Relocation {
        var lowest: UInt32
        var highest: UInt32
        var alignment: UInt32
        var prefersLowest: Bool
    }

    let version: Version
    /// In the file.
    let offset: UInt64
    private(set) var addresses: Addresses?
    /// The entry point for 32-bit mode; nil: that of the ELF file.
    private(set) var entry: UInt32?
    /// The entry point for 64-bit UEFI.
    private(set) var efiEntry: UInt32?
    private(set) var keepsBootServices = false
    /// Whether the kernel can use the PC's text screen.
    private(set) var acceptsText = true
    /// Nil: the kernel does not ask for a framebuffer.
    private(set) var screen: ScreenRequest?
    private(set) var relocation: Relocation?

    /// Finds and reads a header; nil if the file has none of this version.
    init?(_ version: Version, in file: PhysicalMemory) throws(BootError) {
        guard let offset = Self.find(version, in: file) else { return nil }
        (self.version, self.offset) = (version, offset)
        let header = file[offset..<file.byteCount]
        switch version {
        case .one: try read(header)
        case .two: try readTags(header)
        }
    }

    /// The offset of the first header with a right checksum.
    static func find(_ version: Version, in file: PhysicalMemory) -> UInt64? {
        let isFirst = version == .one
        let magic: UInt32 = isFirst ? 0x1BAD_B002 : 0xE852_50D6
        let byteCount: UInt64 = isFirst ? 12 : 16
        let window = min(file.byteCount, isFirst ? 8192 : 32768)
        var offset: UInt64 = 0
        while offset + byteCount <= window {
            var sum = file.load(UInt32.self, at: offset)
            if sum == magic {
                for field in 1..<byteCount / 4 {
                    sum &+= file.load(UInt32.self, at: offset + 4 * field)
                }
                if sum == 0 { return offset }
            }
            offset += isFirst ? 4 : 8
        }
        return nil
    }

    /// Reads a Multiboot header, of which the file may have only the start.
    private mutating func read(_ header: PhysicalMemory) throws(BootError) {
        func word(_ offset: UInt64) -> UInt32 { header.word(at: offset) }
        let flags = word(4)
        guard flags & 0xFFF8 == 0 else {
            throw BootError(
                .kernel, "unknown flags in the Multiboot header", found: UInt64(flags),
                allowed: 7)
        }
        if flags & 1 << 16 != 0 {
            addresses = Addresses(
                header: word(12), load: word(16), loadEnd: word(20), bssEnd: word(24))
            entry = word(28)
        }
        if flags & 1 << 2 != 0, word(32) == 0 {
            screen = Self.screen(word(36), word(40))
        }
    }

    private mutating func readTags(_ header: PhysicalMemory) throws(BootError) {
        try BootError.require(
            .kernel, "Multiboot2 header for another architecture", UInt64(header.word(at: 4)),
            is: 0)
        let end = min(UInt64(header.word(at: 8)), header.byteCount)
        var offset: UInt64 = 16
        while offset + 8 <= end {
            let start = header.word(at: offset)
            let byteCount = UInt64(header.word(at: offset + 4))
            let type = start & 0xFFFF
            guard byteCount >= 8, offset + byteCount <= end else {
                throw BootError(
                    .kernel, "Multiboot2 header tag is too short or too long, at", found: offset)
            }
            if type == 0 { return }
            let isOptional = start >> 16 & 1 != 0
            guard try readTag(type, header[offset..<offset + byteCount], isOptional) || isOptional
            else {
                throw BootError(
                    .kernel, "Multiboot2 header tag is not supported", count: UInt64(type))
            }
            offset = (offset + byteCount + 7) & ~7
        }
        throw BootError(.kernel, "Multiboot2 header without an end tag")
    }

    /// A screen of a size in pixels; 0 for any.
    private static func screen(_ width: UInt32, _ height: UInt32) -> ScreenRequest {
        ScreenRequest(
            minimumWidth: UInt64(width), minimumHeight: UInt64(height),
            acceptsLarger: width == 0 && height == 0)
    }

    /// Reads a tag; false for one that the loader does not know.
    private mutating func readTag(
        _ type: UInt32, _ tag: PhysicalMemory, _ isOptional: Bool
    ) throws(BootError) -> Bool {
        func word(_ index: UInt64) -> UInt32 { tag.word(at: 8 + 4 * index) }
        switch type {
        case 1:
            let newest: UInt32 = 21
            for index in 0..<(tag.byteCount - 8) / 4 where word(index) > newest && !isOptional {
                throw BootError(
                    .kernel, "Multiboot2 information tag is not supported",
                    count: UInt64(word(index)), allowed: UInt64(newest))
            }
        case 2:
            addresses = Addresses(
                header: word(0), load: word(1), loadEnd: word(2), bssEnd: word(3))
        case 3: entry = word(0)
        case 4: acceptsText = word(0) & 2 != 0
        case 5:
            screen = Self.screen(word(0), word(1))
        case 6: break
        case 7: keepsBootServices = true
        case 9: efiEntry = word(0)
        case 10:
            relocation = Relocation(
                lowest: word(0), highest: word(1), alignment: max(word(2), 1),
                prefersLowest: word(3) == 1)
        default: return false
        }
        return true
    }
}

extension PhysicalMemory {
    /// The number of four bytes at an offset; 0 unless all of it is inside.
    func word(at offset: UInt64) -> UInt32 {
        offset + 4 <= byteCount ? load(UInt32.self, at: offset) : 0
    }
}
