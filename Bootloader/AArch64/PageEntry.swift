/// A page's permissions and memory type: bits of a descriptor (Arm ARM, section D8.3).
struct PageFlags: OptionSet {
    let rawValue: UInt64

    static let present = PageFlags(rawValue: 1 << 0)
    /// A bit for software; the hardware's bit means read-only.
    static let writable = PageFlags(rawValue: 1 << 55)
    /// PXN: the kernel may not execute it.
    static let noExecute = PageFlags(rawValue: 1 << 53)
    /// Attribute 1 of MAIR_EL1, as set by the handoff code: device memory.
    static let device = PageFlags(rawValue: 1 << 2)
    /// Attribute 2: not cacheable, so that pixels are visible at once.
    static let pixels = PageFlags(rawValue: 2 << 2)
    /// Attribute 1 of MAIR_EL1 as the Limine protocol has it: not cacheable.
    static let writeCombining = PageFlags(rawValue: 1 << 2)
}

/// The encoding of descriptors, with four levels and a granule of 4 KiB.
///
/// Each half of the address space has 48 bits and a table of the highest level of its own.
enum PageEntry {
    private static let addressMask: UInt64 = 0x0000_FFFF_FFFF_F000
    private static let readOnly: UInt64 = 1 << 7
    private static let innerShareable: UInt64 = 3 << 8
    private static let accessed: UInt64 = 1 << 10
    private static let noUserExecute: UInt64 = 1 << 54
    private static let flagsMask: PageFlags = [.present, .writable, .noExecute, .device, .pixels]

    /// A descriptor that maps a page; one above level 1 maps a block.
    static func leaf(_ frame: PhysicalAddress, _ flags: PageFlags, level: Int) -> UInt64 {
        frame.rawValue | flags.rawValue | accessed | innerShareable | noUserExecute
            | (flags.contains(.writable) ? 0 : readOnly) | (level > 1 ? 1 : 3)
    }

    /// A descriptor that leads to a table, and at the same time one of a page, so that a table can
    /// map itself.
    static func table(_ frame: PhysicalAddress) -> UInt64 {
        leaf(frame, [.writable, .noExecute], level: 1)
    }

    /// Whether a descriptor above level 1 maps a block.
    static func isLarge(_ entry: UInt64) -> Bool { entry & 3 == 1 }

    static func address(of entry: UInt64) -> PhysicalAddress {
        PhysicalAddress(entry & addressMask)
    }

    static func flags(of entry: UInt64) -> PageFlags {
        PageFlags(rawValue: entry & flagsMask.rawValue)
    }
}
