/// ACPI's list of tables (ACPI 6.5, section 5.2).
struct ACPITables {
    private let list: UnsafeRawPointer
    private static let headerByteCount = 36

    /// The list that a root pointer leads to; nil for one of before ACPI 2.0.
    init?(rsdp: UInt64) {
        let pointer = UnsafeRawPointer(rsdp.pointer)
        let revision = pointer.load(fromByteOffset: 15, as: UInt8.self)
        let address = pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        guard revision >= 2, address != 0 else { return nil }
        list = UnsafeRawPointer(address.pointer)
    }

    /// The address of the PL011 that the serial port console redirection table names, nil for one
    /// of another kind (SPCR 4, and DBG2 for the numbers).
    var serialPort: UInt64? {
        let spcr: UInt32 = 0x5243_5053
        guard let table = table(signature: spcr) else { return nil }
        let kind = table.load(fromByteOffset: 36, as: UInt8.self)
        let addressSpace = table.load(fromByteOffset: 40, as: UInt8.self)
        let (pl011, sbsa, sbsaOf32Bits): (UInt8, UInt8, UInt8) = (3, 0xE, 0xD)
        guard kind == pl011 || kind == sbsa || kind == sbsaOf32Bits, addressSpace == 0 else {
            return nil
        }
        return table.loadUnaligned(fromByteOffset: 44, as: UInt64.self)
    }

    private func table(signature: UInt32) -> UnsafeRawPointer? {
        let byteCount = Int(list.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        for offset in stride(from: Self.headerByteCount, to: byteCount, by: 8) {
            let address = list.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard address != 0 else { continue }
            let table = UnsafeRawPointer(address.pointer)
            if table.loadUnaligned(as: UInt32.self) == signature { return table }
        }
        return nil
    }
}
