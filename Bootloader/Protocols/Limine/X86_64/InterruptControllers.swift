import CMachine

/// What the protocol masks.
extension LocalAPIC {
    private static let masked: UInt32 = 1 << 16

    /// Masks all entries of the local vector table that could interrupt the kernel.
    func maskInterrupts() {
        guard isEnabled else { return }
        let entries: [6 of UInt32] = [0x320, 0x350, 0x360, 0x370, 0x340, 0x330]
        let count = min(Int(read(0x30) >> 16 & 0xFF) + 1, entries.count)
        for index in 0..<count { write(entries[index], read(entries[index]) | Self.masked) }
    }

    /// The entries for LINT0 and LINT1: masked NMIs, if ACPI lists them as NMIs; else 0.
    static func lines(madt: PhysicalMemory?) -> (UInt32, UInt32) {
        var lines: (UInt32, UInt32) = (0, 0)
        guard let madt else { return lines }
        ACPITables.forEachEntry(of: madt) { entry in
            let (line, flags): (UInt8, UInt16)
            switch entry[0] {
            case 4 where entry.byteCount >= 6:
                (flags, line) = (entry.load(UInt16.self, at: 3), entry[5])
            case 0x0A where entry.byteCount >= 9:
                (flags, line) = (entry.load(UInt16.self, at: 2), entry[8])
            default: return
            }
            let isLow = flags & 3 == 3
            let isLevel = flags >> 2 & 3 == 3
            let nonMaskable: UInt32 = 0x400
            let value = masked | nonMaskable | (isLow ? 1 << 13 : 0) | (isLevel ? 1 << 15 : 0)
            if line == 0 { lines.0 = value }
            if line == 1 { lines.1 = value }
        }
        return lines
    }
}

/// The interrupt controllers of devices (Intel 82093AA, section 3).
enum IOAPIC {
    /// Masks the entries of all controllers whose interrupts go to a processor's vector; with
    /// `isStrict`, also those for NMI and ExtINT.
    static func maskAll(of madt: PhysicalMemory, isStrict: Bool) {
        ACPITables.forEachEntry(of: madt) { entry in
            guard entry[0] == 1, entry.byteCount >= 12 else { return }
            let address = UInt64(entry.load(UInt32.self, at: 4))
            for line in 0...(read(1, at: address) >> 16 & 0xFF) {
                let register = 0x10 + 2 * line
                let value = read(register, at: address)
                let mode = value >> 8 & 7
                if mode <= 1 || isStrict && (mode == 4 || mode == 7) {
                    write(register, value | 1 << 16, at: address)
                }
            }
        }
    }

    private static func read(_ register: UInt32, at address: UInt64) -> UInt32 {
        write_device(address, register)
        return read_device(address + 0x10)
    }

    private static func write(_ register: UInt32, _ value: UInt32, at address: UInt64) {
        write_device(address, register)
        write_device(address + 0x10, value)
    }
}
