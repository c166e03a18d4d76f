/// The machine's memory on its way to the kernel: firmware's ranges come in as they are, sorted
/// or not, overlapping or not, and leave sorted, page-aligned and without overlap.
struct MemoryMap {
    /// Where two ranges claim the same address, the higher claim holds.
    enum Claim: UInt8 {
        case usable
        case loader
        case reserved
    }

    private struct Entry {
        var start: UInt64
        var end: UInt64
        var kind: UInt32
        var firmwareKind: UInt32
        var claim: Claim
    }

    private let entries: UnsafeMutableBufferPointer<Entry>
    private let boundaries: UnsafeMutableBufferPointer<UInt64>
    private var count = 0

    /// Works in `storage`: 48 bytes for each range that will be added.
    init(storage: UnsafeMutableRawBufferPointer) {
        let bytesPerEntry = MemoryLayout<Entry>.stride + 2 * MemoryLayout<UInt64>.stride
        let capacity = storage.count / bytesPerEntry
        let split = capacity * MemoryLayout<Entry>.stride
        entries = UnsafeMutableRawBufferPointer(rebasing: storage[..<split])
            .bindMemory(to: Entry.self)
        boundaries = UnsafeMutableRawBufferPointer(rebasing: storage[split...])
            .bindMemory(to: UInt64.self)
    }

    /// Forgets what was added, for an exit from the firmware that must be tried again.
    mutating func removeAll() { count = 0 }

    /// Adds memory for the kernel to use, without its broken pages at either end.
    mutating func add(usable range: Range<UInt64>) throws(BootError) {
        let start = range.lowerBound.roundedUpToPage
        let end = range.upperBound.pageStart
        guard start < end else { return }
        try add(start, end, kind: BOOT_MEMORY_USABLE, claim: .usable)
    }

    /// Adds memory that holds what the loader made for the kernel.
    mutating func add(loader range: Range<UInt64>) throws(BootError) {
        try add(range.lowerBound, range.upperBound, kind: BOOT_MEMORY_BOOTLOADER, claim: .loader)
    }

    /// Adds memory that is the firmware's, of the firmware's own type, with all pages it touches.
    mutating func add(
        reserved range: Range<UInt64>, kind: boot_memory_kind, type: UInt32
    ) throws(BootError) {
        let end = min(range.upperBound, ~0 - pageSize).roundedUpToPage
        try add(range.lowerBound.pageStart, end, kind: kind, type: type, claim: .reserved)
    }

    private mutating func add(
        _ start: UInt64, _ end: UInt64, kind: boot_memory_kind, type: UInt32 = 0, claim: Claim
    ) throws(BootError) {
        guard count < entries.count else {
            throw BootError(
                .memoryMap, "too many ranges", found: UInt64(count) + 1,
                allowed: UInt64(entries.count))
        }
        entries[count] = Entry(
            start: start, end: end, kind: UInt32(kind.rawValue), firmwareKind: type, claim: claim)
        boundaries[2 * count] = start
        boundaries[2 * count + 1] = end
        count += 1
    }

    /// Writes the regions in address order and returns how many there are.
    func writeRegions(
        into regions: UnsafeMutableBufferPointer<boot_memory_region>
    ) throws(BootError) -> Int {
        let edges = UnsafeMutableBufferPointer(rebasing: boundaries[..<(2 * count)])
        sort(edges)
        var written = 0
        for index in edges.indices.dropFirst() where edges[index - 1] < edges[index] {
            guard let owner = owner(of: edges[index - 1]) else { continue }
            let region = boot_memory_region(
                start: edges[index - 1], end: edges[index], kind: owner.kind,
                firmware_kind: owner.firmwareKind)
            if written > 0, regions[written - 1].isContinued(by: region) {
                regions[written - 1].end = region.end
                continue
            }
            guard written < regions.count else {
                throw BootError(
                    .memoryMap, "too many regions", found: UInt64(written) + 1,
                    allowed: UInt64(regions.count))
            }
            regions[written] = region
            written += 1
        }
        return written
    }

    /// The entry with the highest claim on `address`.
    private func owner(of address: UInt64) -> Entry? {
        var owner: Entry?
        for index in 0..<count {
            let entry = entries[index]
            guard entry.start <= address, address < entry.end else { continue }
            if let current = owner, current.claim.rawValue >= entry.claim.rawValue { continue }
            owner = entry
        }
        return owner
    }

    /// Insertion sort: firmware's ranges are few and come nearly sorted.
    private func sort(_ values: UnsafeMutableBufferPointer<UInt64>) {
        for index in values.indices.dropFirst() {
            let value = values[index]
            var slot = index
            while slot > 0 && values[slot - 1] > value {
                values[slot] = values[slot - 1]
                slot -= 1
            }
            values[slot] = value
        }
    }
}

extension boot_memory_region {
    /// Whether `next` starts where this region ends and is of the same kind.
    fileprivate func isContinued(by next: boot_memory_region) -> Bool {
        end == next.start && kind == next.kind && firmware_kind == next.firmware_kind
    }
}
