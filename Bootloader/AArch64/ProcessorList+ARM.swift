import CMachine

extension ProcessorList {
    /// Lists the enabled processors of ACPI (ACPI 6.5, section 5.2.12.14), or else those of the
    /// device tree.
    init<P>(_ memory: inout FrameAllocator<P>) throws(BootError) {
        try self.init(current: processor_affinity(), &memory)
        if let rsdp = memory.platform.findRSDP() {
            guard let madt = ACPITables(rsdp: rsdp)?.interruptControllers else { return }
            ACPITables.forEachEntry(of: madt) { entry in
                guard entry[0] == 0x0B, entry.byteCount >= 76,
                    entry.load(UInt32.self, at: 12) & 1 != 0
                else { return }
                add(
                    Processor(
                        id: entry.load(UInt32.self, at: 8),
                        hardwareID: entry.load(UInt64.self, at: 68)))
            }
        } else if let tree = memory.platform.findDeviceTree() {
            DeviceTree(at: tree)?.forEachProcessor { add(Processor(id: 0, hardwareID: $0)) }
        }
    }
}

extension Processor {
    /// Where a processor can start.
    static var startReach: MemoryReach { .everywhere }

    /// Starts the processor with the MMU off, and the page's address in X0, by PSCI's CPU_ON;
    /// returns whether it sets the word at `flag`.
    func start(in page: PhysicalMemory, settingWordAt flag: PhysicalMemory) -> Bool {
        flag.store(0 as UInt64)
        Architecture.makeExecutable(page.start..<page.end)
        guard start_processor(hardwareID, page.start.rawValue) == 0 else { return false }
        for _ in 0..<100_000_000 {
            if load_acquiring(flag.start.rawValue) != 0 { return true }
            yield_processor()
        }
        return false
    }
}
