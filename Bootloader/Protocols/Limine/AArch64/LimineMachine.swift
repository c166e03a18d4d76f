import CLimine
import CLimineMachine
import CMachine

/// The processors of a 64-bit ARM machine as the Limine protocol hands them over.
struct LimineMachine {
    static var hasDeviceTree: Bool { true }
    /// The 64-bit words of a processor's information.
    static var wordsPerProcessor: UInt64 { 5 }

    /// A copy of the code in entry.S, with its numbers.
    let entry: PhysicalMemory

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

    /// Does nothing: the flags are about local APICs.
    func prepareProcessors(flags: UInt64) {}

    /// Adds the start of a processor's information.
    func add(_ processor: Processor, to responses: inout LimineArena) {
        responses.add(processor.id, 0)
        responses.add(processor.hardwareID)
    }

    /// Adds the start of the response, given the first processor.
    func addStart(_ first: Processor, to responses: inout LimineArena) {
        responses.add(0)  // revision
        responses.add(0)  // flags
        responses.add(first.hardwareID)
    }

    func setEntry(
        _ start: VirtualAddress, stackTop: VirtualAddress, tables: PageTables, layout: LimineMemory
    ) {
        store(tables.root.rawValue, LIMINE_ENTRY_PAGE_TABLE)
        store(stackTop.rawValue, LIMINE_ENTRY_STACK)
        store(start.rawValue, LIMINE_ENTRY_START)
        store(layout.revision, LIMINE_ENTRY_REVISION)
        store(flag.start.rawValue &+ layout.offset, LIMINE_ENTRY_AP_WAITS_ADDRESS)
    }

    /// Continues in entry.S.
    func enter(_ requests: LimineRequests) -> Never {
        Architecture.makeExecutable(entry.start..<entry.end)
        limine_enter(entry.start.rawValue)
        while true { halt_forever() }
    }
}
