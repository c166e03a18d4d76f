import CMachine

extension ProcessorList {
    /// Lists the enabled processors of ACPI (ACPI 6.5, section 5.2.12) that the local APIC can
    /// reach in its current mode.
    init<P>(_ memory: inout FrameAllocator<P>) throws(BootError) {
        let apic = LocalAPIC()
        try self.init(current: UInt64(apic.isEnabled ? apic.id : 0), &memory)
        guard apic.isEnabled, let rsdp = memory.platform.findRSDP(),
            let madt = ACPITables(rsdp: rsdp)?.interruptControllers
        else { return }
        let end: UInt32 = apic.isExtended ? .max : 0xFF
        ACPITables.forEachEntry(of: madt) { entry in
            let (id, number, flags): (UInt32, UInt32, UInt32)
            switch entry[0] {
            case 0 where entry.byteCount >= 8:
                (id, number) = (UInt32(entry[2]), UInt32(entry[3]))
                flags = entry.load(UInt32.self, at: 4)
            case 9 where entry.byteCount >= 16:
                (id, number) = (entry.load(UInt32.self, at: 12), entry.load(UInt32.self, at: 4))
                flags = entry.load(UInt32.self, at: 8)
            default: return
            }
            if flags & 1 != 0, number < end {
                add(Processor(id: id, hardwareID: UInt64(number)))
            }
        }
    }
}

extension Processor {
    /// Where a processor can start: in real mode.
    static var startReach: MemoryReach { .realMode }

    /// Starts the processor in a page of the first MiB by INIT and SIPI (Intel SDM 3A, section
    /// 9.4.4); returns whether it sets the word at `flag`.
    func start(in page: PhysicalMemory, settingWordAt flag: PhysicalMemory) -> Bool {
        guard page.end.rawValue <= Self.startReach.rawValue + 1 else { return false }
        let apic = LocalAPIC()
        let id = UInt32(truncatingIfNeeded: hardwareID)
        flag.store(0 as UInt64)
        apic.send(0x4500, to: id)
        Self.wait(microseconds: Self.isSlow ? 10_000 : 10)
        for isSecond in [false, true] {
            apic.send(0x4600 | UInt32(page.start.rawValue >> 12), to: id)
            if Self.isSet(flag, attempts: isSecond ? 400_000_000 : 200_000) { return true }
        }
        // It must not come later, with another processor's numbers.
        apic.send(0x4500, to: id)
        return false
    }

    /// Whether processors need ten milliseconds after INIT: Intel's of family 15.
    private static var isSlow: Bool {
        cpuid(0).ecx == 0x6C65_746E && cpuid(1).eax >> 8 & 0xF == 0xF
    }

    /// Reads the word until it is set: for some tenths of a second at most, and without device
    /// accesses, which would keep an emulator from the other processor.
    private static func isSet(_ flag: PhysicalMemory, attempts: Int) -> Bool {
        for _ in 0..<attempts where load_acquiring(flag.start.rawValue) != 0 { return true }
        return false
    }

    /// Waits about as long: each access to port 80h takes a microsecond.
    private static func wait(microseconds: Int) {
        for _ in 0..<microseconds { port_write(0x80, 0) }
    }
}
