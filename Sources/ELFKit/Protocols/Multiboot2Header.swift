/// The header of a Multiboot2 kernel (Multiboot2 specification 2.0, "Header layout").
public struct Multiboot2Header: Equatable, Sendable {
    /// The offset in the file, in bytes.
    public let offset: UInt64
    /// 0 for 32-bit protected mode of i386, 4 for MIPS.
    public let architecture: UInt32
    /// `header_length`: the size with all tags, in bytes.
    public let byteCount: UInt32
    /// The tags before the end tag, as far as they are within the header.
    public let tags: [Tag]
    /// Whether the header has an end tag, within its size and the first 32 KiB of the file.
    public let isTerminated: Bool

    /// A tag of the header.
    public struct Tag: Equatable, Sendable {
        /// The type, of which ``Kind`` has the known ones.
        public let type: UInt16
        /// Bit 0: the loader may ignore the tag.
        public let flags: UInt16
        /// The size with these fields, without padding, in bytes.
        public let byteCount: UInt32
        /// The whole words after these fields.
        public let words: [UInt32]

        /// The type, if it is known.
        public var kind: Kind? { Kind(rawValue: type) }
        /// The word at that index; 0 if the tag is too small.
        func word(_ index: Int) -> UInt32 { index < words.count ? words[index] : 0 }

        /// Whether a loader must refuse the kernel if it does not support the tag.
        public var isRequired: Bool { flags & 1 == 0 }
    }

    /// The types of tags.
    public enum Kind: UInt16, CaseIterable, Sendable {
        /// The types of boot information that the kernel wants.
        case informationRequest = 1
        /// Where the file's bytes go.
        case addresses
        /// The entry point, a physical address.
        case entry
        /// The console that the kernel needs or supports.
        case console
        /// The video mode that the kernel prefers.
        case framebuffer
        /// Modules start on pages.
        case moduleAlignment
        /// UEFI's boot services stay available.
        case bootServices
        /// The entry point on 32-bit UEFI.
        case efi32Entry
        /// The entry point on 64-bit UEFI.
        case efi64Entry
        /// The kernel may be moved as a whole.
        case relocatable
    }

    /// The header is within so many bytes of the file's start.
    static let window = 32_768
    static let magic: UInt32 = 0xe852_50d6

    /// Finds the first header in the first bytes of a file; `nil` if there is none.
    init?(inFileStartingWith bytes: RawSpan) {
        let end = min(Self.window, bytes.byteCount)
        let found = bytes.offsetOfHeader(Self.magic, wordCount: 4, alignment: 8, in: Self.window)
        guard let found else { return nil }
        offset = UInt64(found)
        architecture = bytes.littleEndian(at: found + 4)
        byteCount = bytes.littleEndian(at: found + 8)
        let header = bytes.extracting(found..<min(end, found + Int(byteCount)))
        (tags, isTerminated) = Self.tags(of: header)
    }

    /// Returns the tags up to the end tag, and whether there is one.
    private static func tags(of header: RawSpan) -> ([Tag], isTerminated: Bool) {
        var tags: [Tag] = []
        var offset = 16
        while offset + 8 <= header.byteCount {
            let byteCount: UInt32 = header.littleEndian(at: offset + 4)
            let end = offset + Int(byteCount)
            guard byteCount >= 8, end <= header.byteCount else { break }
            let type: UInt16 = header.littleEndian(at: offset)
            if type == 0 { return (tags, true) }
            tags.append(
                Tag(
                    type: type, flags: header.littleEndian(at: offset + 2), byteCount: byteCount,
                    words: stride(from: offset + 8, through: end - 4, by: 4).map {
                        header.littleEndian(at: $0)
                    }))
            offset = (end + 7) / 8 * 8
        }
        return (tags, false)
    }

    /// Returns the last tag of that kind, which overrides others.
    public func tag(_ kind: Kind) -> Tag? { tags.last { $0.kind == kind } }

    /// Where the file's bytes go, instead of an ELF file's segments.
    public var addresses: MultibootAddresses? {
        tag(.addresses).map {
            MultibootAddresses(
                header: $0.word(0), load: $0.word(1), loadEnd: $0.word(2), zeroEnd: $0.word(3))
        }
    }

    /// The physical address of the first instruction; without one for protected mode, that for
    /// 64-bit UEFI with boot services.
    public var entry: UInt32? { tag(.entry)?.word(0) ?? (addresses == nil ? nil : efiEntry) }

    /// The physical address of the first instruction on 64-bit UEFI with boot services.
    var efiEntry: UInt32? { tag(.bootServices) == nil ? nil : tag(.efi64Entry)?.word(0) }
}
