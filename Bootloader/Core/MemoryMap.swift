/// What a firmware's type of memory is for, once the firmware has been left.
enum MemoryRole: UInt8 {
    case free
    /// Free, but firmware that is not quite left may still read it.
    case bootServices
    case runtimeServices
    case acpiTables
    case acpiState
    case defective
    case reserved
}

/// Which roles of memory a kernel may overwrite: the first ones, up to a last one.
struct FreeMemory {
    private let last: MemoryRole

    /// What firmware does not use while it runs.
    static let now = FreeMemory(last: .free)
    /// What firmware does not use once it is left.
    static let afterExit = FreeMemory(last: .bootServices)
    /// All good RAM, for a kernel that knows nothing of the firmware.
    static let all = FreeMemory(last: .acpiState)

    func contains(_ role: MemoryRole) -> Bool { role.rawValue <= last.rawValue }
}

/// The memory map that the kernel gets.
///
/// Ranges are added as the firmware lists them, in any order and overlapping; they are listed
/// sorted, page-aligned and without overlap.
struct MemoryMap {
    /// Who claims a range; of two that claim the same address, the higher one gets it.
    enum Owner: UInt8 {
        case unclaimed
        case loader
        /// The kernel itself and its modules.
        case kernel
        case firmware
        /// A table of the firmware, wherever it is.
        case firmwareTable
        case framebuffer
    }

    /// A range as it was added, or a part of it that has no higher claim.
    struct Entry {
        var range: Range<PhysicalAddress>
        var owner: Owner
        /// The firmware's type for it: of EFI or of E820; 0 for what the loader added.
        var type: UInt32
    }

    private let entries: MemoryArray<Entry>
    private let boundaries: MemoryArray<PhysicalAddress>
    private var count = 0
    let storage: PhysicalMemory

    /// Works in `storage`: 48 bytes for each range that will be added.
    init(storage: PhysicalMemory) {
        self.storage = storage
        let stride = MemoryLayout<Entry>.stride
        let bytesPerEntry = stride + 2 * MemoryLayout<PhysicalAddress>.stride
        let split = storage.byteCount / UInt64(bytesPerEntry) * UInt64(stride)
        entries = MemoryArray(storage[0..<split])
        boundaries = MemoryArray(storage[split..<storage.byteCount])
    }

    /// Adds memory for the kernel to use, without the incomplete pages at both ends.
    mutating func add(usable range: Range<PhysicalAddress>, type: UInt32) throws(BootError) {
        let start = range.lowerBound.roundedUpToPage
        let end = range.upperBound.pageStart
        if start < end { try add(start..<end, .unclaimed, type: type) }
    }

    /// Adds memory that belongs to the firmware, with the firmware's own type; all pages that the
    /// range touches are included.
    mutating func add(reserved range: Range<PhysicalAddress>, type: UInt32) throws(BootError) {
        let end = min(range.upperBound, PhysicalAddress(~0 - pageSize)).roundedUpToPage
        try add(range.lowerBound.pageStart..<end, .firmware, type: type)
    }

    /// Adds all memory that the loader has taken.
    mutating func add(loader owned: RangeList<PhysicalAddress>) throws(BootError) {
        for index in 0..<owned.count { try add(owned[index], .loader) }
    }

    /// Adds a range of pages.
    mutating func add(
        _ range: Range<PhysicalAddress>, _ owner: Owner, type: UInt32 = 0
    ) throws(BootError) {
        guard count < entries.count else {
            throw BootError(
                .memoryMap, "too many ranges", count: UInt64(count) + 1,
                allowed: UInt64(entries.count))
        }
        entries[count] = Entry(range: range, owner: owner, type: type)
        boundaries[2 * count] = range.lowerBound
        boundaries[2 * count + 1] = range.upperBound
        count += 1
    }

    /// Calls `body` with each part of the map in address order.
    @inline(never)
    func forEach(_ body: (Entry) throws(BootError) -> Void) throws(BootError) {
        sortBoundaries()
        for index in 1..<max(2 * count, 1) {
            let (start, end) = (boundaries[index - 1], boundaries[index])
            guard start < end, var part = owner(of: start) else { continue }
            part.range = start..<end
            try body(part)
        }
    }

    /// The entry with the highest claim on `address`.
    func owner(of address: PhysicalAddress) -> Entry? {
        var owner: Entry?
        for index in 0..<count {
            let entry = entries[index]
            guard entry.range.contains(address) else { continue }
            if let current = owner, current.owner.rawValue >= entry.owner.rawValue { continue }
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
