import CLimine
import CLimineMachine
import CMachine

/// The processors of a PC as the Limine protocol hands them over.
struct LimineMachine {
    private struct Processor {
        /// ACPI's number.
        var id: UInt32
        /// The number of its local APIC.
        var apic: UInt32
    }

    /// Firmware of PCs describes them by ACPI alone.
    static var hasDeviceTree: Bool { false }

    private static let processorPages = PageCount(2)

    /// A copy of the code in entry.S, with its numbers.
    let entry: PhysicalMemory
    private let apic = LocalAPIC()
    /// What other processors need; nil if the kernel does not ask for them.
    private var processors: MemoryArray<Processor>?
    private var processorCount = 0
    private var stacks = PhysicalMemory(PhysicalAddress(0), byteCount: 0)
    private var stackByteCount: UInt64 = 0
    private var acpi: ACPITables?
    private var madt: PhysicalMemory? { acpi?.interruptControllers }

    init<P>(_ memory: inout FrameAllocator<P>) throws(BootError) {
        let page: PhysicalMemory
        do throws(BootError) {
            page = try memory.allocate(byteCount: pageSize, for: .code, in: .realMode)
        } catch {
            page = try memory.allocate(byteCount: pageSize, for: .code, in: .protectedMode)
        }
        entry = page
        entry.copy(
            from: PhysicalMemory(
                PhysicalAddress(limine_entry_address()), byteCount: limine_entry_size()))
        entry.store(apic.base | LocalAPIC.enabled, at: UInt64(LIMINE_ENTRY_APIC_BASE))
    }

    /// The number of levels of the page tables that a kernel gets.
    static func pagingLevels(for requests: LimineRequests) throws(BootError) -> Int {
        let hasFive = extended_cpu_features() & 1 << 16 != 0
        return try requests.pagingMode(highest: hasFive ? 1 : 0) == 1 ? 5 : 4
    }

    /// The time stamp counter's frequency in Hz.
    static func counterFrequency() -> UInt64? { TimeStampCounter.frequency() }

    /// Lists the processors, with a stack for each.
    mutating func findProcessors<P>(
        for requests: LimineRequests, stackByteCount: UInt64, _ memory: inout FrameAllocator<P>
    ) throws(BootError) {
        acpi = memory.platform.findRSDP().flatMap { ACPITables(rsdp: $0) }
        guard let flags = requests.word(LIMINE_MP, at: 48) else { return }
        if flags & 1 != 0, cpu_features() & 1 << 21 != 0 { apic.enableExtended() }
        if flags & 1 == 0 || !apic.isExtended {
            entry.store(
                apic.base & ~LocalAPIC.extended | LocalAPIC.enabled,
                at: UInt64(LIMINE_ENTRY_APIC_BASE))
        } else {
            entry.store(apic.base, at: UInt64(LIMINE_ENTRY_APIC_BASE))
        }
        let list = MemoryArray<Processor>(
            try memory.allocate(byteCount: Self.processorPages.byteCount))
        list[0] = Processor(id: 0, apic: apic.id)
        processors = list
        processorCount = 1
        if let madt { addProcessors(of: madt, to: list) }
        self.stackByteCount = stackByteCount
        stacks = try memory.allocate(byteCount: stackByteCount * UInt64(processorCount))
    }

    /// Adds the enabled processors; the first one is this one.
    private mutating func addProcessors(of madt: PhysicalMemory, to list: MemoryArray<Processor>) {
        ACPITables.forEachEntry(of: madt) { entry in
            let processor: Processor
            let flags: UInt32
            switch entry[0] {
            case 0 where entry.byteCount >= 8:
                processor = Processor(id: UInt32(entry[2]), apic: UInt32(entry[3]))
                flags = entry.load(UInt32.self, at: 4)
            case 9 where entry.byteCount >= 16:
                processor = Processor(
                    id: entry.load(UInt32.self, at: 12), apic: entry.load(UInt32.self, at: 4))
                flags = entry.load(UInt32.self, at: 8)
            default: return
            }
            guard flags & 1 != 0 else { return }
            if processor.apic == list[0].apic {
                list[0] = processor
            } else if processorCount < list.count, apic.isExtended || processor.apic < 0xFF {
                list[processorCount] = processor
                processorCount += 1
            }
        }
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

    /// Starts the other processors, each of which then waits; returns the response.
    func startProcessors(
        _ responses: inout LimineArena, _ owned: RangeList<PhysicalAddress>
    ) -> VirtualAddress? {
        guard let processors else { return nil }
        let canStart = entry.end.rawValue <= MemoryReach.realMode.rawValue + 1
        var count: UInt64 = 0
        let first = responses.end
        for index in 0..<processorCount {
            let processor = processors[index]
            let start = responses.end
            responses.add(processor.id, processor.apic)
            responses.add(0)  // reserved
            responses.add(0)  // the address to go to
            responses.add(0)  // for the kernel
            let top = responses.virtual(
                stacks.start + stackByteCount * UInt64(index + 1))
            store(start.rawValue, LIMINE_ENTRY_AP_INFO)
            store(top.rawValue, LIMINE_ENTRY_AP_STACK)
            guard index == 0 || canStart && startProcessor(processor.apic) else {
                responses.removeLast(wordCount: 4)
                continue
            }
            count += 1
        }
        let array = responses.end
        for index in 0..<count { responses.add(first + 32 * index) }
        let response = responses.end
        let isExtended =
            entry.load(UInt64.self, at: UInt64(LIMINE_ENTRY_APIC_BASE))
            & LocalAPIC.extended != 0
        responses.add(0)
        responses.add(isExtended ? 1 : 0, processors[0].apic)
        responses.add(count)
        responses.add(array)
        return response
    }

    /// Starts one processor by INIT and two SIPIs (Intel SDM 3A, section 9.4.4).
    private func startProcessor(_ id: UInt32) -> Bool {
        let waits = entry.start.rawValue + UInt64(LIMINE_ENTRY_AP_WAITS)
        store(0, LIMINE_ENTRY_AP_WAITS)
        apic.send(0x4500, to: id)
        wait(microseconds: 10_000)
        for _ in 0..<2 {
            apic.send(0x4600 | UInt32(entry.start.rawValue >> 12), to: id)
            for _ in 0..<10_000 {
                wait(microseconds: 100)
                if load_acquiring(waits) != 0 { return true }
            }
        }
        // It must not come later, with another processor's numbers.
        apic.send(0x4500, to: id)
        return false
    }

    /// Waits about as long: each access to port 80h takes a microsecond.
    private func wait(microseconds: Int) {
        for _ in 0..<microseconds { port_write(0x80, 0) }
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
