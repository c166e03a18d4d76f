import CMachine

/// The units that translate what devices read and write.
enum IOMMU {
    private static let headerByteCount: UInt64 = 48
    private static let status: UInt64 = 0x1C
    /// How often a register is read.
    private static let attempts = 1_000_000

    /// Turns off all units that ACPI lists.
    static func disableAll(of tables: ACPITables) {
        let intel: UInt32 = 0x5241_4D44  // "DMAR"
        let amd: UInt32 = 0x5352_5649  // "IVRS"
        forEachEntry(of: tables.table(signature: intel)) { entry in
            guard entry.load(UInt16.self) == 0 else { return }
            disableIntel(at: entry.load(UInt64.self, at: 8))
        }
        forEachEntry(of: tables.table(signature: amd)) { entry in
            let kind = entry[0]
            guard kind == 0x10 || kind == 0x11 || kind == 0x40 else { return }
            // The control register (AMD 48882, section 3.4.2), bit 0: the unit is on.
            let control = entry.load(UInt64.self, at: 8) + 0x18
            write_device(control, read_device(control) & ~1)
        }
    }

    /// Turns off the translation of addresses, then that of interrupts (Intel VT-d 4.1, section
    /// 11.4.4).
    private static func disableIntel(at base: UInt64) {
        let kept: UInt32 = 0x96FF_FFFF
        for bit in [31 as UInt32, 25] {
            let state = read_device(base + status)
            guard state & 1 << bit != 0 else { continue }
            write_device(base + 0x18, state & kept & ~(1 << bit))
            for _ in 0..<attempts where read_device(base + status) & 1 << bit == 0 { break }
        }
    }

    @inline(never)
    private static func forEachEntry(of table: PhysicalMemory?, _ body: (PhysicalMemory) -> Void) {
        guard let table else { return }
        var offset = headerByteCount
        while offset + 16 <= table.byteCount {
            let byteCount = UInt64(table.load(UInt16.self, at: offset + 2))
            guard byteCount >= 16, offset + byteCount <= table.byteCount else { return }
            body(table[offset..<offset + byteCount])
            offset += byteCount
        }
    }
}
