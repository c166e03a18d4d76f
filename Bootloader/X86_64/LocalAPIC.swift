import CMachine

/// This processor's interrupt controller (Intel SDM 3A, chapter 11).
struct LocalAPIC {
    static let enabled: UInt64 = 1 << 11
    static let extended: UInt64 = 1 << 10
    private static let baseRegister: UInt32 = 0x1B

    /// IA32_APIC_BASE.
    var base: UInt64 { read_msr(Self.baseRegister) }
    var isEnabled: Bool { base & Self.enabled != 0 }
    /// Whether it is in x2APIC mode.
    var isExtended: Bool { base & Self.extended != 0 }
    private var address: UInt64 { base & 0xF_FFFF_FFFF_F000 }

    var id: UInt32 { isExtended ? read(0x20) : read(0x20) >> 24 }

    func enableExtended() { write_msr(Self.baseRegister, base | Self.enabled | Self.extended) }

    /// Sends an interprocessor interrupt.
    func send(_ command: UInt32, to id: UInt32) {
        if isExtended { return write_msr(0x830, UInt64(id) << 32 | UInt64(command)) }
        write(0x310, id << 24)
        write(0x300, command)
    }

    @inline(never)
    func read(_ register: UInt32) -> UInt32 {
        if isExtended { return UInt32(truncatingIfNeeded: read_msr(0x800 + register >> 4)) }
        return read_device(address + UInt64(register))
    }

    @inline(never)
    func write(_ register: UInt32, _ value: UInt32) {
        if isExtended { return write_msr(0x800 + register >> 4, UInt64(value)) }
        write_device(address + UInt64(register), value)
    }
}
