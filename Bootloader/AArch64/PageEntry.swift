/// What a page allows and what lies behind it; bits of a descriptor (Arm ARM, section D8.3).
struct PageFlags: OptionSet {
    let rawValue: UInt64

    static let present = PageFlags(rawValue: 1 << 0)
    /// A bit that is software's: hardware's says read-only.
    static let writable = PageFlags(rawValue: 1 << 55)
    /// PXN: not by the kernel.
    static let noExecute = PageFlags(rawValue: 1 << 53)
    /// Attribute 1 of those that the handoff code sets: device memory.
    static let device = PageFlags(rawValue: 1 << 2)
    /// Attribute 2: pixels, which are seen at once.
    static let pixels = PageFlags(rawValue: 2 << 2)

    /// What a page allows that serves two segments.
    func union(permissionsOf other: PageFlags) -> PageFlags {
        union(other).subtracting(
            contains(.noExecute) && other.contains(.noExecute) ? [] : .noExecute)
    }
}

/// The encoding of descriptors, of four levels with a granule of 4 KiB.
///
/// The table of the highest level has both halves of the address space, as on x86-64:
/// TTBR1 leads to its second half.
enum PageEntry {
    private static let addressMask: UInt64 = 0x0000_FFFF_FFFF_F000
    private static let readOnly: UInt64 = 1 << 7
    private static let innerShareable: UInt64 = 3 << 8
    private static let accessed: UInt64 = 1 << 10
    private static let noUserExecute: UInt64 = 1 << 54
    private static let flagsMask: PageFlags = [
        .present, .writable, .noExecute, .device, .pixels,
    ]

    /// A descriptor that maps a page; one above level 1 maps a block.
    static func leaf(_ frame: UInt64, _ flags: PageFlags, level: Int) -> UInt64 {
        frame | flags.rawValue | accessed | innerShareable | noUserExecute
            | (flags.contains(.writable) ? 0 : readOnly) | (level > 1 ? 1 : 3)
    }

    /// A descriptor that leads to a table; it has what one of a page needs too, so that a table
    /// can map itself.
    static func table(_ frame: UInt64) -> UInt64 {
        leaf(frame, [.writable, .noExecute], level: 1)
    }

    /// Whether a descriptor above level 1 maps a block.
    static func isLarge(_ entry: UInt64) -> Bool { entry & 3 == 1 }

    static func address(of entry: UInt64) -> UInt64 { entry & addressMask }

    static func flags(of entry: UInt64) -> PageFlags {
        PageFlags(rawValue: entry & flagsMask.rawValue)
    }
}
