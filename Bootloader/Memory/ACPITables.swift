/// ACPI's list of tables (ACPI 6.5, section 5.2).
struct ACPITables {
    private static let headerByteCount: UInt64 = 36
    /// Room for five hundred entries, more than any machine has.
    private static let largestListByteCount: UInt64 = 4096

    private let list: PhysicalMemory
    /// The size of its addresses: 8 bytes, or 4 before ACPI 2.0.
    private let entryByteCount: UInt64

    /// The list that a root pointer leads to.
    init?(rsdp: PhysicalAddress) {
        let old = PhysicalMemory(rsdp, byteCount: 20)
        let isOld = old[15] < 2
        let address =
            isOld
            ? UInt64(old.load(UInt32.self, at: 16))
            : PhysicalMemory(rsdp, byteCount: 36).load(UInt64.self, at: 24)
        guard let list = Self.table(at: address), list.byteCount <= Self.largestListByteCount
        else { return nil }
        self.list = list
        entryByteCount = isOld ? 4 : 8
    }

    /// The table of processors and interrupt controllers (section 5.2.12).
    var interruptControllers: PhysicalMemory? { table(signature: 0x4349_5041) }

    /// Calls `body` with each entry of the table of interrupt controllers.
    static func forEachEntry(of table: PhysicalMemory, _ body: (PhysicalMemory) -> Void) {
        var offset: UInt64 = 44
        while offset + 2 <= table.byteCount {
            let byteCount = UInt64(table[offset + 1])
            guard byteCount >= 2, offset + byteCount <= table.byteCount else { return }
            body(table[offset..<offset + byteCount])
            offset += byteCount
        }
    }

    /// A serial port in memory.
    struct SerialPort {
        /// Whether it is a 16550; it is a PL011 otherwise.
        let is16550: Bool
        /// Distance between registers and width of an access, in bytes: 1 or 4.
        let stride: UInt32
        let address: PhysicalAddress
    }

    /// The port that the serial port console redirection table names; nil without the table and
    /// for a port of another kind (SPCR 4; DBG2 for the numbers; ACPI 6.5, section 5.2.3.2, for the
    /// address).
    var serialPort: SerialPort? {
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
        return SerialPort(
            is16550: is16550, stride: isOfBytes ? 1 : 4, address: PhysicalAddress(address))
    }

    private func table(signature: UInt32) -> PhysicalMemory? {
        var offset = Self.headerByteCount
        while offset + entryByteCount <= list.byteCount {
            let address =
                entryByteCount == 8
                ? list.load(UInt64.self, at: offset) : UInt64(list.load(UInt32.self, at: offset))
            if let table = Self.table(at: address),
                table.load(UInt32.self) == signature
            {
                return table
            }
            offset += entryByteCount
        }
        return nil
    }

    /// The table at an address, with the length that it states; nil if that is less than a header.
    private static func table(at address: UInt64) -> PhysicalMemory? {
        guard address != 0 else { return nil }
        let header = PhysicalMemory(PhysicalAddress(address), byteCount: headerByteCount)
        let byteCount = UInt64(header.load(UInt32.self, at: 4))
        guard byteCount >= headerByteCount else { return nil }
        return PhysicalMemory(header.start, byteCount: byteCount)
    }
}
