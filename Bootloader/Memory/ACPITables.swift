/// ACPI's list of tables (ACPI 6.5, section 5.2).
struct ACPITables {
    private static let headerByteCount: UInt64 = 36
    private static let largestTableByteCount: UInt64 = 16 << 20
    /// Room for five hundred entries, more than any machine has.
    private static let largestListByteCount: UInt64 = 4096

    private let list: PhysicalMemory
    /// The size of its addresses: 8 bytes, or 4 before ACPI 2.0.
    private let entryByteCount: UInt64

    /// The list that a root pointer leads to.
    init?(rsdp: PhysicalAddress) {
        let pointer = Self.pointer(at: rsdp)
        self.init(in: pointer, isLong: pointer.byteCount > 20)
    }

    /// The list with the short addresses or the one with the long ones.
    @inline(never)
    private init?(in pointer: PhysicalMemory, isLong: Bool) {
        let address =
            isLong ? pointer.load(UInt64.self, at: 24) : UInt64(pointer.load(UInt32.self, at: 16))
        guard let list = Self.table(at: address), list.byteCount <= Self.largestListByteCount
        else { return nil }
        self.list = list
        entryByteCount = isLong ? 8 : 4
    }

    /// The root pointer, which is longer since ACPI 2.0.
    private static func pointer(at rsdp: PhysicalAddress) -> PhysicalMemory {
        let isLong = PhysicalMemory(rsdp, byteCount: 20)[15] >= 2
        return PhysicalMemory(rsdp, byteCount: isLong ? 36 : 20)
    }

    /// Calls `body` with the root pointer and all tables, some of them twice.
    static func forEachPart<E: Error>(
        of rsdp: PhysicalAddress, _ body: (PhysicalMemory) throws(E) -> Void
    ) throws(E) {
        let pointer = pointer(at: rsdp)
        try body(pointer)
        for isLong in [false, true] where !isLong || pointer.byteCount > 20 {
            guard let tables = ACPITables(in: pointer, isLong: isLong) else { continue }
            try body(tables.list)
            try tables.forEachTable { table throws(E) in
                try body(table)
                if table.load(UInt32.self) == fixedDescription {
                    try forEachPart(ofDescription: table, body)
                }
            }
        }
    }

    /// Calls `body` with the FACS and the DSDT, each by its short address and by its long one
    /// (section 5.2.9).
    private static func forEachPart<E: Error>(
        ofDescription table: PhysicalMemory, _ body: (PhysicalMemory) throws(E) -> Void
    ) throws(E) {
        let offsets: [4 of UInt64] = [36, 40, 132, 140]
        for index in offsets.indices where offsets[index] + 8 <= table.byteCount {
            let address = table.load(UInt64.self, at: offsets[index])
            let isLong = index >= 2
            if let part = Self.table(at: isLong ? address : address & 0xFFFF_FFFF) {
                try body(part)
            }
        }
    }

    private static let fixedDescription: UInt32 = 0x5043_4146  // "FACP"

    /// The table of processors and interrupt controllers (section 5.2.12).
    var interruptControllers: PhysicalMemory? { table(signature: 0x4349_5041) }

    /// Calls `body` with each entry of the table of interrupt controllers.
    @inline(never)
    static func forEachEntry(of table: PhysicalMemory, _ body: (PhysicalMemory) -> Void) {
        var offset: UInt64 = 44
        while offset + 2 <= table.byteCount {
            let byteCount = UInt64(table[offset + 1])
            guard byteCount >= 2, offset + byteCount <= table.byteCount else { return }
            body(table[offset..<offset + byteCount])
            offset += byteCount
        }
    }

    /// The port that the serial port console redirection table names; nil without the table and
    /// for a port of another kind (SPCR 4; DBG2 for the numbers; ACPI 6.5, section 5.2.3.2, for the
    /// address).
    var serialPort: DescribedSerialPort? {
        let spcr: UInt32 = 0x5243_5053
        guard let table = table(signature: spcr), table.byteCount >= 52 else { return nil }
        let (kind, addressSpace) = (table[36], table[40])
        let (bitWidth, accessSize) = (table[41], table[43])
        let is16550: Bool
        switch kind {
        case 0x00, 0x01, 0x12: is16550 = true  // 16550, a subset of it, one with parameters
        case 0x03, 0x0D, 0x0E: is16550 = false  // PL011, 32-bit SBSA, SBSA
        default: return nil
        }
        let address = table.load(UInt64.self, at: 44)
        guard addressSpace == 0, address != 0 else { return nil }
        // Registers with accesses of one or two bytes are one byte apart.
        let isOfBytes = is16550 && (accessSize == 0 ? bitWidth < 32 : accessSize < 3)
        return DescribedSerialPort(
            is16550: is16550, stride: isOfBytes ? 1 : 4, address: PhysicalAddress(address))
    }

    func table(signature: UInt32) -> PhysicalMemory? {
        var found: PhysicalMemory?
        forEachTable { if found == nil, $0.load(UInt32.self) == signature { found = $0 } }
        return found
    }

    private func forEachTable<E: Error>(_ body: (PhysicalMemory) throws(E) -> Void) throws(E) {
        var offset = Self.headerByteCount
        while offset + entryByteCount <= list.byteCount {
            let address =
                entryByteCount == 8
                ? list.load(UInt64.self, at: offset) : UInt64(list.load(UInt32.self, at: offset))
            if let table = Self.table(at: address) { try body(table) }
            offset += entryByteCount
        }
    }

    /// The table at an address, with the length that it states; nil if that is less than a header,
    /// or more than any table has.
    @inline(never)
    private static func table(at address: UInt64) -> PhysicalMemory? {
        guard address != 0 else { return nil }
        let header = PhysicalMemory(PhysicalAddress(address), byteCount: headerByteCount)
        let byteCount = UInt64(header.load(UInt32.self, at: 4))
        guard byteCount >= headerByteCount, byteCount <= largestTableByteCount else { return nil }
        return PhysicalMemory(header.start, byteCount: byteCount)
    }
}
