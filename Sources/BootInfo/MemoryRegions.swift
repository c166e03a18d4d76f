import CBootInfo

/// One range of physical memory.
public struct MemoryRegion {
    /// The use of a range.
    public enum Kind: Equatable {
        /// Available to the kernel.
        case usable
        /// In use by what the loader made: the kernel's image, stack, page tables, boot info.
        case bootloader
        /// Not available; this is its EFI memory type (UEFI 2.10, section 7.2).
        case uefi(UInt32)
        /// Not available; this is its E820 type (ACPI 6.5, section 15).
        case bios(UInt32)
    }

    /// Physical addresses, on page boundaries.
    public let addresses: Range<UInt64>

    /// Size in bytes.
    public var byteCount: UInt64 { addresses.upperBound - addresses.lowerBound }

    /// The use of the range.
    public let kind: Kind

    init(_ region: boot_memory_region) {
        addresses = region.start..<region.end
        switch boot_memory_kind(region.kind) {
        case BOOT_MEMORY_USABLE: kind = .usable
        case BOOT_MEMORY_BOOTLOADER: kind = .bootloader
        case BOOT_MEMORY_UNKNOWN_UEFI: kind = .uefi(region.firmware_kind)
        default: kind = .bios(region.firmware_kind)
        }
    }
}

/// The memory map, sorted by address, without overlap.
public struct MemoryRegions: RandomAccessCollection {
    private let regions: UnsafeBufferPointer<boot_memory_region>

    init(start: UnsafePointer<boot_memory_region>?, count: Int) {
        regions = UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// Always zero.
    public var startIndex: Int { 0 }

    /// The number of regions.
    public var endIndex: Int { regions.count }

    /// The region at that index, in `0..<count`.
    public subscript(position: Int) -> MemoryRegion { MemoryRegion(regions[position]) }

    /// Size of the memory that is available to the kernel, in bytes.
    public var usableByteCount: UInt64 {
        reduce(0) { $1.kind == .usable ? $0 + $1.byteCount : $0 }
    }
}
