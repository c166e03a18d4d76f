import CLimine
import CLimineMachine
import CMachine

/// The processors of a PC as the Limine protocol hands them over.
struct LimineMachine {
    /// Firmware of PCs describes them by ACPI alone.
    static var hasDeviceTree: Bool { false }
    /// The 64-bit words of a processor's information.
    static var wordsPerProcessor: UInt64 { 4 }

    /// A copy of the code in entry.S, with its numbers.
    let entry: PhysicalMemory
    private let apic = LocalAPIC()
    private let acpi: ACPITables?
    private var madt: PhysicalMemory? { acpi?.interruptControllers }

    init<P>(_ memory: inout FrameAllocator<P>) throws(BootError) {
        entry = try memory.allocateForProcessors()
        acpi = memory.platform.findRSDP().flatMap { ACPITables(rsdp: $0) }
        entry.copy(
            from: PhysicalMemory(
                PhysicalAddress(limine_entry_address()), byteCount: limine_entry_size()))
        store(apic.base | LocalAPIC.enabled, LIMINE_ENTRY_APIC_BASE)
    }

    /// The number of levels of the page tables that a kernel gets.
    static func pagingLevels(for requests: LimineRequests) throws(BootError) -> Int {
        let hasFive = cpuid(7).ecx & 1 << 16 != 0
        return try requests.pagingMode(highest: hasFive ? 1 : 0) == 1 ? 5 : 4
    }

    /// Sets the mode of the local APICs as the kernel's request for processors wants it.
    func prepareProcessors(flags: UInt64) {
        let wantsExtended = flags & 1 != 0
        if wantsExtended, cpuid(1).ecx & 1 << 21 != 0 { apic.enableExtended() }
        let base = wantsExtended ? apic.base : apic.base & ~LocalAPIC.extended
        store(base | LocalAPIC.enabled, LIMINE_ENTRY_APIC_BASE)
    }

    /// Adds the start of a processor's information.
    func add(_ processor: Processor, to responses: inout LimineArena) {
        responses.add(processor.id, UInt32(truncatingIfNeeded: processor.hardwareID))
    }

    /// Adds the start of the response, given the first processor.
    func addStart(_ first: Processor, to responses: inout LimineArena) {
        let base = entry.load(UInt64.self, at: UInt64(LIMINE_ENTRY_APIC_BASE))
        let isExtended = base & LocalAPIC.extended != 0
        responses.add(0)
        responses.add(isExtended ? 1 : 0, UInt32(truncatingIfNeeded: first.hardwareID))
    }

    func setEntry(
        _ start: VirtualAddress, stackTop: VirtualAddress, tables: PageTables, layout: LimineMemory
    ) {
        let addressExtension: UInt64 = 1 << 5
        let fiveLevels: UInt64 = 1 << 12
        store(tables.root.rawValue, LIMINE_ENTRY_PAGE_TABLE)
        store(addressExtension | (tables.levels == 5 ? fiveLevels : 0), LIMINE_ENTRY_CR4)
        store(layout.offset, LIMINE_ENTRY_HHDM)
        store(stackTop.rawValue, LIMINE_ENTRY_STACK)
        store(start.rawValue, LIMINE_ENTRY_START)
        store(layout.revision == 0 ? 1 : 0, LIMINE_ENTRY_KEEPS_IDENTITY)
        let page = entry.start.rawValue
        store(
            page + limine_entry_protected_mode_offset() | UInt64(LIMINE_ENTRY_CODE32) << 32,
            LIMINE_ENTRY_PROTECTED_MODE)
        store(
            UInt64(LIMINE_ENTRY_GDT_LIMIT) | (page + UInt64(LIMINE_ENTRY_GDT)) << 16,
            LIMINE_ENTRY_GDT_POINTER)
        apic.maskInterrupts()
        let lines = LocalAPIC.lines(madt: madt)
        store(UInt64(lines.1) << 32 | UInt64(lines.0), LIMINE_ENTRY_LINT)
    }

    /// Masks what could interrupt the kernel, and continues in entry.S.
    func enter(_ requests: LimineRequests) -> Never {
        port_write(0x21, 0xFF)
        port_write(0xA1, 0xFF)
        if let madt { IOAPIC.maskAll(of: madt, isStrict: requests.revision >= 5) }
        if let acpi, requests.revision >= 5, !requests.contains(LIMINE_KEEP_IOMMU) {
            IOMMU.disableAll(of: acpi)
        }
        limine_enter(entry.start.rawValue)
        while true { halt_forever() }
    }
}
