import CBIOS

/// The memory map that int 15h, function E820h, tells (ACPI 6.5, section 15.1), and the memory
/// that the loader takes from it: from the top down, below 4 GiB, above the first megabyte.
struct E820Map {
    private static let capacity = Int(E820_ENTRIES_END - E820_ENTRIES) / MemoryLayout<Entry>.stride
    private static let usable: UInt32 = 1
    /// The first 4 GiB are all that the loader maps for itself.
    private static let reach: UInt64 = 1 << 32
    private static let lowest: UInt64 = 1 << 20

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
    /// Everything at or above this address and below 4 GiB is taken or not usable.
    private var ceiling = Self.reach

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
        }
        bios_call(0x15, &registers)
        continuation = registers.ebx
        return registers.eax == signature && registers.eflags & 1 == 0
    }

    /// The address after the last byte of RAM: usable, or holding ACPI's tables.
    var endOfRAM: UInt64 {
        var end: UInt64 = 0
        for index in 0..<count where entries[index].isRAM {
            end = max(end, entries[index].end)
        }
        return end
    }

    /// Takes the highest run of usable memory that is still free.
    mutating func allocate(byteCount: UInt64) throws(BootError) -> UInt64 {
        var top = ceiling
        while top > Self.lowest + byteCount {
            let candidate = (top - byteCount).pageStart
            guard let obstacle = lowestObstacle(candidate..<candidate + byteCount) else {
                ceiling = candidate
                return candidate
            }
            top = obstacle
        }
        throw BootError(.memory, "no free run of this many bytes", found: byteCount)
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
