/// Bits of a page-table entry (Intel SDM 3A, section 4.5.4).
struct PageFlags: OptionSet {
    let rawValue: UInt64

    static let present = PageFlags(rawValue: 1 << 0)
    static let writable = PageFlags(rawValue: 1 << 1)
    static let noExecute = PageFlags(rawValue: 1 << 63)
    /// The firmware's MTRRs set the memory types of devices and the framebuffer.
    static var device: PageFlags { PageFlags(rawValue: 0) }
    static var pixels: PageFlags { PageFlags(rawValue: 0) }
    /// Entry 5 of the page attribute table as the Limine protocol has it: this bit, and one that
    /// depends on the page's size.
    static let writeCombining = PageFlags(rawValue: 1 << 3)
}

/// The encoding of page-table entries.
enum PageEntry {
    private static let addressMask: UInt64 = 0x000F_FFFF_FFFF_F000
    private static let large: UInt64 = 1 << 7

    /// An entry that maps a page; one above level 1 maps a large one.
    static func leaf(_ frame: PhysicalAddress, _ flags: PageFlags, level: Int) -> UInt64 {
        frame.rawValue | flags.rawValue | (level > 1 ? large : 0) | 1
            | (flags.contains(.writeCombining) ? 1 << (level > 1 ? 12 : 7) : 0)
    }

    /// An entry that leads to a table.
    static func table(_ frame: PhysicalAddress) -> UInt64 { frame.rawValue | 3 }

    /// Whether an entry above level 1 maps a page.
    static func isLarge(_ entry: UInt64) -> Bool { entry & large != 0 }

    static func address(of entry: UInt64) -> PhysicalAddress {
        PhysicalAddress(entry & addressMask)
    }

    static func flags(of entry: UInt64) -> PageFlags {
        PageFlags(rawValue: entry & ~addressMask)
    }
}
