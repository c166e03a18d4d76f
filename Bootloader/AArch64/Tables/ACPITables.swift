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

    /// The address of the PL011 that the serial port console redirection table names, nil for one
    /// of another kind (SPCR 4, and DBG2 for the numbers).
    var serialPort: UInt64? {
        let spcr: UInt32 = 0x5243_5053
        let (kind, addressSpace, address) = (36, 40, 44)
        guard let table = table(signature: spcr), table.count >= address + 8 else { return nil }
        let (pl011, sbsa, sbsaOf32Bits): (UInt8, UInt8, UInt8) = (3, 0xE, 0xD)
        guard
            table[kind] == pl011 || table[kind] == sbsa || table[kind] == sbsaOf32Bits,
            table[addressSpace] == 0
        else { return nil }
        return table.loadUnaligned(fromByteOffset: address, as: UInt64.self)
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
