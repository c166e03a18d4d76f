import CLimine
import CMachine

/// Starts a kernel by the Limine boot protocol, base revisions 0 to 6.
struct LimineBoot<Platform: Firmware> {
    private static var smallestStack: UInt64 { 64 << 10 }
    /// Room for the firmware's map, sorted.
    private static var memoryMapPages: PageCount { PageCount(16) }
    private static var responsePages: PageCount { PageCount(64) }

    let file: KernelFile
    let kernel: LimineKernel
    let requests: LimineRequests
    let log: Log<Platform.Screen>
    let settings: LoaderSettings
    let layout: LimineMemory
    private let tables: PageTables
    var memory: FrameAllocator<Platform>
    var responses: LimineArena
    let machine: LimineMachine
    /// What the kernel's other processors need; nil if it does not ask for them.
    var processors: Processors?
    var framebuffer: Framebuffer?
    var medium = BootMedium()
    /// The clock's frequency in Hz, and its number when the loader read the kernel.
    var frequency: UInt64?
    private let startTime: UInt64
    /// The memory of the modules, and of the kernel's file.
    var files: RangeList<PhysicalAddress>

    /// Loads the kernel and reads what it asks for.
    init(
        _ file: KernelFile, memory: consuming FrameAllocator<Platform>, _ settings: LoaderSettings,
        _ log: Log<Platform.Screen>
    ) throws(BootError) {
        startTime = read_counter()
        self.file = file
        self.log = log
        self.settings = settings
        self.memory = memory
        let isRandom = settings.randomizesAddresses
        let image = PageTables(root: try self.memory.allocateRoot())
        kernel = try LimineKernel(loading: file, into: image, &self.memory, isRandom: isRandom)
        requests = try LimineRequests(in: kernel, of: file)
        let levels = try LimineMachine.pagingLevels(for: requests)
        tables = levels == 5 ? try image.inFifthLevel(&self.memory) : image
        let start: UInt64 = levels == 5 ? 0xFF00_0000_0000_0000 : 0xFFFF_8000_0000_0000
        let slide = isRandom ? (random_number() % (1 << 15)) << 30 : 0
        layout = LimineMemory(revision: requests.revision, offset: start + slide)
        responses = LimineArena(
            try self.memory.allocate(byteCount: Self.responsePages.byteCount),
            mappedWith: layout.offset)
        machine = try LimineMachine(&self.memory)
        files = RangeList(storage: try self.memory.allocateZeroedFrame())
        log.write(
            .info, "Limine, base revision %d; direct map at %x", requests.revision, layout.offset)
        log.write(
            .debug, "image at %x, physical %x", kernel.start.rawValue,
            kernel.image.start.rawValue)
    }

    /// Answers what does not depend on the final memory map, while the firmware still runs.
    mutating func prepare() throws(BootError) {
        answer(LIMINE_HHDM, layout.offset)
        answer(LIMINE_EXECUTABLE_ADDRESS, kernel.image.start.rawValue, kernel.start.rawValue)
        answer(LIMINE_PAGING_MODE, UInt64(tables.levels) - 4)
        answer(LIMINE_STACK_SIZE)
        answer(LIMINE_ENTRY_POINT)
        answer(LIMINE_KEEP_IOMMU)
        if requests.contains(LIMINE_BOOTLOADER_INFO) {
            let name = responses.add("bootimage")
            answer(LIMINE_BOOTLOADER_INFO, name.rawValue, responses.add("1.0").rawValue)
        }
        if let count = requests.word(LIMINE_ENTROPY, at: 48) { answerWithEntropy(count) }
        answerAboutFirmware()
        try answerWithDeviceTree()
        try answerWithFiles()
        try answerAboutScreen()
        processors = try findProcessors()
        try answerWithEventLog()
    }

    var stackByteCount: UInt64 {
        get throws(BootError) {
            let wanted = requests.word(LIMINE_STACK_SIZE, at: 48) ?? 0
            guard wanted <= 1 << 30 else {
                throw BootError(.kernel, "stack is too large", count: wanted, allowed: 1 << 30)
            }
            return PageCount(holding: max(wanted, Self.smallestStack)).byteCount
        }
    }

    /// Takes the machine over from the firmware and jumps to the kernel.
    mutating func start() throws(BootError) {
        let stack = try memory.allocate(byteCount: stackByteCount)
        let entry = VirtualAddress(
            requests.word(LIMINE_ENTRY_POINT, at: 48) ?? kernel.entry.rawValue)
        guard let page = tables.lookUp(entry.pageStart), !page.flags.contains(.noExecute) else {
            throw BootError(
                .kernel, "entry point is not in an executable segment", found: entry.rawValue)
        }
        log.write(.info, "entry point %x, stack of %s", entry.rawValue, stack.byteCount)
        let scratch = try memory.allocate(byteCount: Self.memoryMapPages.byteCount)
        if layout.revision > 0 { try machine.mapEntry(in: tables, &memory) }
        var map = MemoryMap(storage: scratch)
        let time = requests.contains(LIMINE_DATE_AT_BOOT) ? memory.platform.currentTime() : nil
        try reserveTables()
        try memory.platform.exit(into: &map)
        // The kernel draws on an empty screen.
        if let framebuffer {
            PhysicalMemory(framebuffer.start, byteCount: framebuffer.byteCount).clear()
        }
        try addOwnMemory(to: &map)
        try layout.map(map, into: tables, &memory)
        if let time { answer(LIMINE_DATE_AT_BOOT, UInt64(bitPattern: time)) }
        try answerAboutMemory(map)
        if let frequency {
            // The clock counts from the processor's reset on.
            let perMicrosecond = max(frequency / 1_000_000, 1)
            answer(
                LIMINE_PERFORMANCE, 0, startTime / perMicrosecond, read_counter() / perMicrosecond)
        }
        if settings.waitsForDebugger {
            clear_debugger_word(scratch.start.rawValue)
            log.writeForDebugger(
                entry: entry, slide: entry.rawValue &- file.entry.rawValue, word: scratch.start)
            wait_for_debugger(scratch.start.rawValue)
        }
        machine.setEntry(
            entry, stackTop: responses.virtual(stack.end), tables: tables, layout: layout)
        answerWithProcessors()
        memory.makeExecutable()
        machine.enter(requests)
    }

    /// Reserves frames for the direct map's tables: a few for the ends of each range, and one for
    /// each GiB if there are no larger pages.
    private mutating func reserveTables() throws(BootError) {
        var end = PhysicalAddress(4 << 30)
        try memory.platform.forEachMemory { end = max(end, $0.upperBound) }
        var ranges: UInt64 = 16
        try memory.platform.forEachRange { _, _ in ranges += 1 }
        try memory.reserve(PageCount(64 + 4 * ranges + 2 * (end.rawValue >> 30)))
    }

    /// Adds the loader's memory, the kernel's and its files', and the framebuffer.
    private func addOwnMemory(to map: inout MemoryMap) throws(BootError) {
        try map.add(loader: memory.owned)
        try map.addTables(of: memory.platform, revision: layout.revision)
        try map.add(kernel.image.start..<kernel.image.end, .kernel)
        for index in 0..<files.count { try map.add(files[index], .kernel) }
        if let framebuffer {
            let end = framebuffer.start + framebuffer.byteCount
            try map.add(framebuffer.start.pageStart..<end.roundedUpToPage, .framebuffer)
        }
    }

    /// Writes a response, which has zeros behind its last field.
    @inline(never)
    mutating func answer(
        _ feature: limine_feature, revision: UInt64 = 0, _ first: UInt64 = 0,
        _ second: UInt64 = 0, _ third: UInt64 = 0, _ fourth: UInt64 = 0
    ) {
        guard requests.contains(feature) else { return }
        let response = responses.end
        responses.add(revision)
        responses.add(first)
        responses.add(second)
        responses.add(third)
        responses.add(fourth)
        requests.answer(feature, with: response)
    }

    func pointer(_ address: PhysicalAddress) -> UInt64 {
        responses.virtual(address).rawValue
    }

    private mutating func answerAboutMemory(_ map: MemoryMap) throws(BootError) {
        if let firmware = memory.platform.firmwareMap {
            answer(
                LIMINE_EFI_MEMORY_MAP, pointer(firmware.contents.start),
                firmware.contents.byteCount, firmware.descriptorByteCount,
                UInt64(firmware.version))
        }
        guard requests.contains(LIMINE_MEMORY_MAP) else { return }
        let entries = try layout.writeEntries(of: map, on: Platform.self, into: &responses)
        answer(LIMINE_MEMORY_MAP, entries.count, entries.array.rawValue)
    }
}
