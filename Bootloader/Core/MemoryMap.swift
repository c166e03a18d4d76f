/// The memory map that the kernel gets.
///
/// Ranges are added as the firmware lists them, in any order and overlapping; regions are written
/// sorted, page-aligned and without overlap.
struct MemoryMap {
    /// Who claims a range; of two that claim the same address, the higher one gets it.
    enum Claim: UInt8 {
        case usable
        case loader
        case reserved
    }

    private struct Entry {
        var range: Range<PhysicalAddress>
        var kind: UInt32
        var firmwareKind: UInt32
        var claim: Claim
    }

    private let entries: MemoryArray<Entry>
    private let boundaries: MemoryArray<PhysicalAddress>
    private var count = 0

    /// Works in `storage`: 48 bytes for each range that will be added.
    init(storage: PhysicalMemory) {
        let stride = MemoryLayout<Entry>.stride
        let bytesPerEntry = stride + 2 * MemoryLayout<PhysicalAddress>.stride
        let split = storage.byteCount / UInt64(bytesPerEntry) * UInt64(stride)
        entries = MemoryArray(storage[0..<split])
        boundaries = MemoryArray(storage[split..<storage.byteCount])
    }

    /// Adds memory for the kernel to use, without the incomplete pages at both ends.
    mutating func add(usable range: Range<PhysicalAddress>) throws(BootError) {
        let start = range.lowerBound.roundedUpToPage
        let end = range.upperBound.pageStart
        if start < end { try add(start..<end, kind: BOOT_MEMORY_USABLE, claim: .usable) }
    }

    /// Adds memory that holds what the loader made for the kernel.
    mutating func add(loader range: Range<PhysicalAddress>) throws(BootError) {
        try add(range, kind: BOOT_MEMORY_BOOTLOADER, claim: .loader)
    }

    /// Adds memory that belongs to the firmware, with the firmware's own type; all pages that the
    /// range touches are included.
    mutating func add(
        reserved range: Range<PhysicalAddress>, kind: boot_memory_kind, type: UInt32
    ) throws(BootError) {
        let end = min(range.upperBound, PhysicalAddress(~0 - pageSize)).roundedUpToPage
        try add(range.lowerBound.pageStart..<end, kind: kind, type: type, claim: .reserved)
    }

    private mutating func add(
        _ range: Range<PhysicalAddress>, kind: boot_memory_kind, type: UInt32 = 0, claim: Claim
    ) throws(BootError) {
        guard count < entries.count else {
            throw BootError(
                .memoryMap, "too many ranges", count: UInt64(count) + 1,
                allowed: UInt64(entries.count))
        }
        entries[count] = Entry(
            range: range, kind: UInt32(kind.rawValue), firmwareKind: type, claim: claim)
        boundaries[2 * count] = range.lowerBound
        boundaries[2 * count + 1] = range.upperBound
        count += 1
    }

    /// Writes the regions in address order and returns how many there are.
    func writeRegions(into regions: MemoryArray<boot_memory_region>) throws(BootError) -> Int {
        sortBoundaries()
        var written = 0
        for index in 1..<max(2 * count, 1) {
            let (start, end) = (boundaries[index - 1], boundaries[index])
            guard start < end, let owner = owner(of: start) else { continue }
            let region = boot_memory_region(
                start: start.rawValue, end: end.rawValue, kind: owner.kind,
                firmware_kind: owner.firmwareKind)
            if written > 0, regions[written - 1].isContinued(by: region) {
                regions[written - 1].end = region.end
                continue
            }
            guard written < regions.count else {
                throw BootError(
                    .memoryMap, "too many regions", count: UInt64(written) + 1,
                    allowed: UInt64(regions.count))
            }
            regions[written] = region
            written += 1
        }
        return written
    }

    /// The entry with the highest claim on `address`.
    private func owner(of address: PhysicalAddress) -> Entry? {
        var owner: Entry?
        for index in 0..<count {
            let entry = entries[index]
            guard entry.range.contains(address) else { continue }
            if let current = owner, current.claim.rawValue >= entry.claim.rawValue { continue }
            owner = entry
        }
        return owner
    }

    /// Sorts by insertion: there are few ranges, and firmware lists them nearly sorted.
    private func sortBoundaries() {
        for index in 1..<max(2 * count, 1) {
            let value = boundaries[index]
            var slot = index
            while slot > 0 && boundaries[slot - 1] > value {
                boundaries[slot] = boundaries[slot - 1]
                slot -= 1
            }
            boundaries[slot] = value
        }
    }
}

extension boot_memory_region {
    /// Whether `next` starts where this region ends and is of the same kind.
    fileprivate func isContinued(by next: boot_memory_region) -> Bool {
        end == next.start && kind == next.kind && firmware_kind == next.firmware_kind
    }
}
