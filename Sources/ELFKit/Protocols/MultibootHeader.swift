/// The header of a Multiboot kernel (Multiboot specification 0.6.96, "Header Layout").
public struct MultibootHeader: Equatable, Sendable {
    /// The offset in the file, in bytes.
    public let offset: UInt64
    /// What the kernel requires (bits 0–15) and asks for (bits 16–31).
    public let flags: UInt32
    /// Where the file's bytes go, instead of an ELF file's segments; needs bit 16 of the flags.
    public let addresses: MultibootAddresses?
    /// The physical address of the first instruction; needs bit 16 of the flags.
    public let entry: UInt32?
    /// The requested video mode; needs bit 2 of the flags.
    public let videoMode: VideoMode?

    /// A video mode; a number that is 0 means no preference.
    public struct VideoMode: Equatable, Sendable {
        /// 0 for a framebuffer, 1 for text.
        public let type: UInt32
        /// In pixels or characters.
        public let width: UInt32
        /// In pixels or characters.
        public let height: UInt32
        /// In bits for each pixel.
        public let depth: UInt32
    }

    /// The header is within so many bytes of the file's start.
    static let window = 8192
    static let magic: UInt32 = 0x1bad_b002

    /// Finds the first header in the first bytes of a file; `nil` if there is none.
    init?(inFileStartingWith bytes: RawSpan) {
        let found = bytes.offsetOfHeader(Self.magic, wordCount: 3, alignment: 4, in: Self.window)
        guard let found else { return nil }
        // What the file does not have is 0.
        let fields: [UInt32] = stride(from: found, to: found + 48, by: 4)
            .map { $0 + 4 <= bytes.byteCount ? bytes.littleEndian(at: $0) : 0 }
        (offset, flags) = (UInt64(found), fields[1])
        let hasAddresses = flags & 1 << 16 != 0
        addresses =
            hasAddresses
            ? MultibootAddresses(
                header: fields[3], load: fields[4], loadEnd: fields[5], zeroEnd: fields[6]) : nil
        entry = hasAddresses ? fields[7] : nil
        videoMode =
            flags & 1 << 2 != 0
            ? VideoMode(type: fields[8], width: fields[9], height: fields[10], depth: fields[11])
            : nil
    }
}

extension RawSpan {
    /// Returns the offset of the first header within `window` bytes: words that begin with a magic
    /// number and have a sum of 0 modulo 2³²; `nil` if there is none.
    func offsetOfHeader(
        _ magic: UInt32, wordCount: Int, alignment: Int, in window: Int
    ) -> Int? {
        let last = min(window, byteCount) - 4 * wordCount
        return stride(from: 0, through: last, by: alignment).first { offset in
            let words: [UInt32] = (0..<wordCount).map { littleEndian(at: offset + 4 * $0) }
            return words[0] == magic && words.reduce(0, &+) == 0
        }
    }
}

/// Where the bytes of a kernel's file go in physical memory: the address fields of Multiboot, or
/// the address tag of Multiboot2.
public struct MultibootAddresses: Equatable, Sendable {
    /// The address of the Multiboot header.
    public let header: UInt32
    /// The address of the first byte to load; 2³² − 1 in Multiboot2 for the file's first byte.
    public let load: UInt32
    /// The end of the loaded bytes; 0 for the file's end.
    public let loadEnd: UInt32
    /// The end of the zeroes after these bytes; 0 for none.
    public let zeroEnd: UInt32
}
