import CBIOS

/// The memory map that int 15h, function E820h, tells (ACPI 6.5, section 15.1), and the memory
/// that the loader takes from it: from the top down, below 4 GiB as long as there is room.
struct E820Map {
    private static let capacity = Int(E820_ENTRIES_END - E820_ENTRIES) / MemoryLayout<Entry>.stride
    private static let usable: UInt32 = 1

    private struct Entry {
        var start: UInt64 = 0
        var byteCount: UInt64 = 0
        var type: UInt32 = 0
        var attributes: UInt32 = 0

        var isRAM: Bool { type == E820Map.usable || type == 3 || type == 4 }

        var end: UInt64 {
            let (end, overflow) = start.addingReportingOverflow(byteCount)
            return overflow ? ~0 : end
        }
    }

    private let entries = UInt64(E820_ENTRIES).pointer
        .bindMemory(to: Entry.self, capacity: Self.capacity)
    private var count = 0
    /// What may still be free: low memory above the first megabyte, which is left alone, and
    /// high memory as far as one page of the loader's tables reaches.
    private var low: Range<UInt64> = 1 << 20..<1 << 32
    private var high: Range<UInt64> = 1 << 32..<1 << 39

    /// Asks the firmware for the whole map.
    init() {
        var continuation: UInt32 = 0
        repeat {
            var entry = Entry(attributes: 1)
            guard Self.readEntry(&entry, &continuation) else { return }
            if entry.byteCount > 0, entry.attributes & 1 != 0 {
                entries[count] = entry
                count += 1
            }
        } while continuation != 0 && count < Self.capacity
    }

    private static func readEntry(_ entry: inout Entry, _ continuation: inout UInt32) -> Bool {
        let signature: UInt32 = 0x534D_4150  // "SMAP"
        var registers = bios_registers()
        registers.eax = 0xE820
        registers.ebx = continuation
        registers.ecx = UInt32(MemoryLayout<Entry>.size)
        registers.edx = signature
        withUnsafeMutablePointer(to: &entry) {
            let address = UInt32(UInt(bitPattern: $0))
            registers.es = UInt16(address >> 4)
            registers.edi = address & 0xF
            bios_call(0x15, &registers)
        }
        continuation = registers.ebx
        return registers.eax == signature && registers.eflags & 1 == 0
    }

    /// Calls `body` with what is RAM: usable, or holding ACPI's tables.
    func forEachRAM(_ body: (Range<UInt64>) -> Void) {
        for index in 0..<count where entries[index].isRAM {
            body(entries[index].start..<entries[index].end)
        }
    }

    /// Takes a run of usable memory that is still free, and maps it for the loader.
    mutating func allocate(byteCount: UInt64) throws(BootError) -> UInt64 {
        if let start = take(byteCount, from: &low) { return start }
        guard let start = take(byteCount, from: &high) else {
            throw BootError(.memory, "no free run of this many bytes", found: byteCount)
        }
        let gigabyte = IdentityMap.gigabyte
        for address in stride(
            from: start & ~(gigabyte - 1), to: start + byteCount, by: Int(gigabyte))
        where !IdentityMap.covers(address) {
            guard let table = take(pageSize, from: &low) else {
                throw BootError(.memory, "none left below 4 GiB")
            }
            IdentityMap.add(gigabyteAt: address, table: table)
        }
        return start
    }

    /// Takes the highest run in `region`, which then ends below it.
    private func take(_ byteCount: UInt64, from region: inout Range<UInt64>) -> UInt64? {
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

    /// Nil if all of `range` is usable; else an address below which to look next.
    private func lowestObstacle(_ range: Range<UInt64>) -> UInt64? {
        var covered: UInt64?
        var below: UInt64 = 0
        for index in 0..<count {
            let entry = entries[index]
            let overlaps = entry.start < range.upperBound && range.lowerBound < entry.end
            if entry.type != Self.usable {
                if overlaps { return min(entry.start, range.upperBound - pageSize).pageStart }
            } else if entry.start <= range.lowerBound && entry.end >= range.upperBound {
                covered = entry.start
            } else if entry.end < range.upperBound {
                below = max(below, entry.end)
            }
        }
        return covered == nil ? below.pageStart : nil
    }

    /// Hands the firmware's view on.
    func add(to map: inout MemoryMap) throws(BootError) {
        // The interrupt vectors and the BIOS data area look usable, and are the firmware's.
        try map.add(reserved: 0..<pageSize, kind: BOOT_MEMORY_UNKNOWN_BIOS, type: 2)
        for index in 0..<count {
            let entry = entries[index]
            if entry.type == Self.usable {
                try map.add(usable: entry.start..<entry.end)
            } else {
                try map.add(
                    reserved: entry.start..<entry.end, kind: BOOT_MEMORY_UNKNOWN_BIOS,
                    type: entry.type)
            }
        }
    }
}
