import CLimine
import CLimineMachine
import CMachine

/// The processors of a 64-bit ARM machine as the Limine protocol hands them over.
struct LimineMachine {
    private struct Processor {
        /// ACPI's number; 0 without ACPI.
        var id: UInt32
        /// MPIDR's affinity fields.
        var affinity: UInt64
    }

    static var hasDeviceTree: Bool { true }

    private static var processorPages: PageCount { PageCount(2) }

    /// A copy of the code in entry.S, with its numbers.
    let entry: PhysicalMemory
    /// What other processors need; nil if the kernel does not ask for them.
    private var processors: MemoryArray<Processor>?
    private var processorCount = 0
    private var stacks = PhysicalMemory(PhysicalAddress(0), byteCount: 0)
    private var stackByteCount: UInt64 = 0

    init<P>(_ memory: inout FrameAllocator<P>) throws(BootError) {
        entry = try memory.allocate(byteCount: pageSize, for: .code)
        entry.copy(
            from: PhysicalMemory(
                PhysicalAddress(limine_entry_address()), byteCount: limine_entry_size()))
    }

    /// The number of levels of the page tables that a kernel gets.
    static func pagingLevels(for requests: LimineRequests) throws(BootError) -> Int {
        try requests.pagingMode(highest: 0) == 1 ? 5 : 4
    }

    /// The generic timer's frequency in Hz.
    static func counterFrequency() -> UInt64? { counter_frequency() }

    /// Lists the processors of ACPI or of the device tree, with a stack for each.
    mutating func findProcessors<P>(
        for requests: LimineRequests, stackByteCount: UInt64, _ memory: inout FrameAllocator<P>
    ) throws(BootError) {
        guard requests.contains(LIMINE_MP) else { return }
        let list = MemoryArray<Processor>(
            try memory.allocate(byteCount: Self.processorPages.byteCount))
        list[0] = Processor(id: 0, affinity: processor_affinity())
        processors = list
        processorCount = 1
        if let rsdp = memory.platform.findRSDP() {
            if let madt = ACPITables(rsdp: rsdp)?.interruptControllers { addProcessors(of: madt) }
        } else if let tree = memory.platform.findDeviceTree() {
            DeviceTree(at: tree)?.forEachProcessor { add(Processor(id: 0, affinity: $0)) }
        }
        self.stackByteCount = stackByteCount
        stacks = try memory.allocate(byteCount: stackByteCount * UInt64(processorCount))
    }

    /// Adds the enabled processors.
    private mutating func addProcessors(of madt: PhysicalMemory) {
        ACPITables.forEachEntry(of: madt) { entry in
            guard entry[0] == 0x0B, entry.byteCount >= 76,
                entry.load(UInt32.self, at: 12) & 1 != 0
            else { return }
            add(
                Processor(
                    id: entry.load(UInt32.self, at: 8), affinity: entry.load(UInt64.self, at: 68)))
        }
    }

    /// Adds a processor, unless there is no room; the first one is this one.
    private mutating func add(_ processor: Processor) {
        guard let processors else { return }
        if processor.affinity == processors[0].affinity {
            processors[0] = processor
        } else if processorCount < processors.count {
            processors[processorCount] = processor
            processorCount += 1
        }
    }

    func setEntry(
        _ start: VirtualAddress, stackTop: VirtualAddress, tables: PageTables, layout: LimineMemory
    ) {
        store(tables.root.rawValue, LIMINE_ENTRY_PAGE_TABLE)
        store(stackTop.rawValue, LIMINE_ENTRY_STACK)
        store(start.rawValue, LIMINE_ENTRY_START)
        store(layout.revision, LIMINE_ENTRY_REVISION)
    }

    /// Starts the other processors, each of which then waits; returns the response.
    func startProcessors(
        _ responses: inout LimineArena, _ owned: RangeList<PhysicalAddress>
    ) -> VirtualAddress? {
        guard let processors else { return nil }
        // The tables must be in memory before a processor without caches uses them.
        for index in 0..<owned.count { Architecture.makeExecutable(owned[index]) }
        var count: UInt64 = 0
        let first = responses.end
        for index in 0..<processorCount {
            let processor = processors[index]
            let start = responses.end
            responses.add(processor.id, 0)
            responses.add(processor.affinity)
            responses.add(0)  // reserved
            responses.add(0)  // the address to go to
            responses.add(0)  // for the kernel
            let top = responses.virtual(stacks.start + stackByteCount * UInt64(index + 1))
            store(start.rawValue, LIMINE_ENTRY_AP_INFO)
            store(top.rawValue, LIMINE_ENTRY_AP_STACK)
            guard index == 0 || startProcessor(processor.affinity, responses) else {
                responses.removeLast(wordCount: 5)
                continue
            }
            count += 1
        }
        let array = responses.end
        for index in 0..<count { responses.add(first + 40 * index) }
        let response = responses.end
        responses.add(0)  // revision
        responses.add(0)  // flags
        responses.add(processors[0].affinity)
        responses.add(count)
        responses.add(array)
        return response
    }

    private func startProcessor(_ affinity: UInt64, _ responses: LimineArena) -> Bool {
        let waits = entry.start + UInt64(LIMINE_ENTRY_AP_WAITS)
        store(responses.virtual(waits).rawValue, LIMINE_ENTRY_AP_WAITS_ADDRESS)
        store(0, LIMINE_ENTRY_AP_WAITS)
        Architecture.makeExecutable(entry.start..<entry.end)
        guard start_processor(affinity, entry.start.rawValue) == 0 else { return false }
        for _ in 0..<100_000_000 {
            if load_acquiring(waits.rawValue) != 0 { return true }
            yield_processor()
        }
        return false
    }

    /// Continues in entry.S.
    func enter(_ requests: LimineRequests) -> Never {
        Architecture.makeExecutable(entry.start..<entry.end)
        limine_enter(entry.start.rawValue)
        while true { halt_forever() }
    }
}
