/// ACPI's list of tables (ACPI 6.5, section 5.2).
struct ACPITables {
    private static let headerByteCount = 36
    /// Room for five hundred entries; no machine has as many.
    private static let longestList = 4096

    private let list: UnsafeRawBufferPointer

    /// The list that a root pointer leads to; nil for one of before ACPI 2.0.
    init?(rsdp: UInt64) {
        guard let pointer = UnsafeRawPointer(bitPattern: UInt(rsdp)),
            pointer.load(fromByteOffset: 15, as: UInt8.self) >= 2,
            let list = Self.table(
                at: pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)),
            list.count <= Self.longestList
        else { return nil }
        self.list = list
    }

    /// A serial port in memory.
    struct SerialPort {
        /// Or a PL011.
        let is16550: Bool
        /// Bytes from one register to the next, and in one access: 1 or 4.
        let stride: UInt32
        let address: UInt64
    }

    /// What the serial port console redirection table names, nil for none and for one of another
    /// kind (SPCR 4, DBG2 for the numbers, ACPI 6.5 section 5.2.3.2 for the address).
    var serialPort: SerialPort? {
        let spcr: UInt32 = 0x5243_5053
        guard let table = table(signature: spcr), table.count >= 52 else { return nil }
        let (kind, addressSpace) = (table[36], table[40])
        let (bitWidth, accessSize) = (table[41], table[43])
        let is16550: Bool
        switch kind {
        case 0x00, 0x01, 0x12: is16550 = true  // 16550, a part of it, with parameters
        case 0x03, 0x0D, 0x0E: is16550 = false  // PL011, SBSA of 32 bits, SBSA
        default: return nil
        }
        let address = table.loadUnaligned(fromByteOffset: 44, as: UInt64.self)
        guard addressSpace == 0, address != 0 else { return nil }
        // Registers that are taken a byte or two at a time are a byte apart.
        let isOfBytes = is16550 && (accessSize == 0 ? bitWidth < 32 : accessSize < 3)
        return SerialPort(is16550: is16550, stride: isOfBytes ? 1 : 4, address: address)
    }

    private func table(signature: UInt32) -> UnsafeRawBufferPointer? {
        for offset in stride(from: Self.headerByteCount, through: list.count - 8, by: 8) {
            let address = list.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard let table = Self.table(at: address) else { continue }
            if table.loadUnaligned(as: UInt32.self) == signature { return table }
        }
        return nil
    }

    /// The table at an address, as long as it says; nil for one without a whole header.
    private static func table(at address: UInt64) -> UnsafeRawBufferPointer? {
        guard let start = UnsafeRawPointer(bitPattern: UInt(address)) else { return nil }
        let byteCount = Int(start.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        guard byteCount >= headerByteCount else { return nil }
        return UnsafeRawBufferPointer(start: start, count: byteCount)
    }
}
