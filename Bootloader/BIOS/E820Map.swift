import CBIOS

/// The memory map from int 15h, function E820h (ACPI 6.5, section 15.1), and an allocator of usable
/// memory: from the top down, below 4 GiB as long as there is room.
struct E820Map {
    private static let usable: UInt32 = 1

    private struct Entry {
        var start: UInt64
        var byteCount: UInt64
        var type: UInt32
        var attributes: UInt32

        var isRAM: Bool { type == E820Map.usable || type == 3 || type == 4 }

        var range: Range<PhysicalAddress> {
            let start = PhysicalAddress(start)
            return start.range(byteCount: byteCount) ?? start..<PhysicalAddress(~0)
        }
    }

    private let entries = MemoryArray<Entry>(
        PhysicalMemory(
            PhysicalAddress(layout: E820_ENTRIES),
            byteCount: UInt64(E820_ENTRIES_END - E820_ENTRIES)))
    private var count = 0
    /// Memory that may be free: without the first megabyte, up to the end of the level-3 table.
    private var low = PhysicalAddress(1 << 20)..<PhysicalAddress(1 << 32)
    private var high = PhysicalAddress(1 << 32)..<PhysicalAddress(1 << 39)
    /// The first megabyte, above what the loader uses (layout.h).
    private var conventional = PhysicalAddress(layout: LOADER_END)..<PhysicalAddress(0xA0000)

    init() {
        var continuation: UInt32 = 0
        repeat {
            entries[count] = Entry(start: 0, byteCount: 0, type: 0, attributes: 1)
            guard Self.readEntry(count, &continuation) else { return }
            if entries[count].byteCount > 0, entries[count].attributes & 1 != 0 { count += 1 }
        } while continuation != 0 && count < entries.count
    }

    /// Has the firmware write one entry to its place.
    private static func readEntry(_ index: Int, _ continuation: inout UInt32) -> Bool {
        let signature: UInt32 = 0x534D_4150  // "SMAP"
        let byteCount = MemoryLayout<Entry>.size
        var registers = bios_registers()
        registers.eax = 0xE820
        registers.ebx = continuation
        registers.ecx = UInt32(byteCount)
        registers.edx = signature
        registers.es = UInt16(E820_ENTRIES >> 4)
        registers.edi = UInt32(index * byteCount)
        bios_call(0x15, &registers)
        continuation = registers.ebx
        return registers.eax == signature && registers.eflags & 1 == 0
    }

    /// Calls `body` with each range and its type.
    func forEach(_ body: (Range<PhysicalAddress>, UInt32) -> Void) {
        for index in 0..<count { body(entries[index].range, entries[index].type) }
    }

    /// Calls `body` with all RAM: what is usable and what holds ACPI's tables.
    func forEachRAM(_ body: (Range<PhysicalAddress>) -> Void) {
        for index in 0..<count where entries[index].isRAM { body(entries[index].range) }
    }

    /// Takes contiguous usable memory that is still free, and maps it for the loader.
    @inline(never)
    mutating func allocate(
        byteCount: UInt64, in reach: MemoryReach
    ) throws(BootError) -> PhysicalAddress {
        if reach == .realMode {
            if let start = take(byteCount, from: &conventional) { return start }
        } else if let start = take(byteCount, from: &low) {
            return start
        }
        guard reach == .everywhere, let start = take(byteCount, from: &high) else {
            throw BootError(.memory, "no free run of this many bytes", count: byteCount)
        }
        var address = start.roundedDown(to: IdentityMap.gigabyte)
        while address < start + byteCount {
            if !IdentityMap.covers(address) {
                guard let table = take(pageSize, from: &low) else {
                    throw BootError(.memory, "none left below 4 GiB")
                }
                IdentityMap.add(gigabyteAt: address, table: table)
            }
            address = address + IdentityMap.gigabyte
        }
        return start
    }

    /// Takes the highest free run of a region and ends the region below it.
    private func take(
        _ byteCount: UInt64, from region: inout Range<PhysicalAddress>
    ) -> PhysicalAddress? {
        var top = region.upperBound
        while top > region.lowerBound + byteCount {
            let candidate = (top - byteCount).pageStart
            guard let obstacle = lowestObstacle(candidate..<candidate + byteCount) else {
                region = region.lowerBound..<candidate
                return candidate
            }
            top = obstacle
        }
        return nil
    }

    /// Nil if all of `range` is usable; else an address below which to continue the search.
    private func lowestObstacle(_ range: Range<PhysicalAddress>) -> PhysicalAddress? {
        var isCovered = false
        var below = PhysicalAddress(0)
        for index in 0..<count {
            let entry = entries[index].range
            if entries[index].type != Self.usable {
                let overlaps =
                    entry.lowerBound < range.upperBound && range.lowerBound < entry.upperBound
                if overlaps { return min(entry.lowerBound, range.upperBound - pageSize).pageStart }
            } else if entry.lowerBound <= range.lowerBound && entry.upperBound >= range.upperBound {
                isCovered = true
            } else if entry.upperBound < range.upperBound {
                below = max(below, entry.upperBound)
            }
        }
        return isCovered ? nil : below.pageStart
    }

    /// Adds the firmware's ranges to the kernel's memory map.
    func add(to map: inout MemoryMap) throws(BootError) {
        // Interrupt vectors and BIOS data area are listed as usable, but belong to the firmware.
        let first = PhysicalAddress(0)
        try map.add(reserved: first..<first + pageSize, type: 2)
        for index in 0..<count {
            let entry = entries[index]
            if entry.type == Self.usable {
                try map.add(usable: entry.range, type: entry.type)
            } else {
                try map.add(reserved: entry.range, type: entry.type)
            }
        }
    }
}

/// The loader's own page tables: the first 4 GiB of physical memory at their own addresses, and
/// more by the gigabyte.
enum IdentityMap {
    static let gigabyte: UInt64 = 1 << 30

    /// The level-3 table, which covers 512 GiB.
    private static var directory: MemoryArray<UInt64> {
        MemoryArray(PhysicalMemory(PhysicalAddress(layout: PAGE_TABLES + 0x1000), PageCount(1)))
    }

    /// Whether the gigabyte that contains an address below 512 GiB is mapped.
    static func covers(_ address: PhysicalAddress) -> Bool {
        directory[Int(address.rawValue / gigabyte)] != 0
    }

    /// Maps one more gigabyte with pages of 2 MiB, which every 64-bit processor supports.
    static func add(gigabyteAt address: PhysicalAddress, table: PhysicalAddress) {
        let entries = MemoryArray<UInt64>(PhysicalMemory(table, PageCount(1)))
        for index in 0..<entries.count {
            let frame = PhysicalAddress(address.rawValue + UInt64(index) << 21)
            entries[index] = PageEntry.leaf(frame, [.present, .writable], level: 2)
        }
        directory[Int(address.rawValue / gigabyte)] = PageEntry.table(table)
    }
}
