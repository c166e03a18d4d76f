import CLimine
import CMachine

/// Starts a kernel by the Limine boot protocol, base revisions 0 to 6.
struct LimineBoot<Platform: Firmware> {
    private static var smallestStack: UInt64 { 64 << 10 }
    /// Room for the firmware's map, sorted.
    private static var memoryMapPages: PageCount { PageCount(16) }
    private static var responsePages: PageCount { PageCount(32) }
    private static var entropyLimit: UInt64 { 4096 }

    private let file: KernelFile
    private let kernel: LimineKernel
    private let requests: LimineRequests
    private let log: Log<Platform.Screen>
    private let settings: LoaderSettings
    private let layout: LimineMemory
    private let tables: PageTables
    private var memory: FrameAllocator<Platform>
    private var responses: LimineArena
    private var machine: LimineMachine
    private var framebuffer: Framebuffer?
    /// The memory of the modules, and of the kernel's file.
    private var files: RangeList<PhysicalAddress>

    /// Loads the kernel and reads what it asks for.
    init(
        _ file: KernelFile, memory: consuming FrameAllocator<Platform>, _ settings: LoaderSettings,
        _ log: Log<Platform.Screen>
    ) throws(BootError) {
        self.file = file
        self.log = log
        self.settings = settings
        self.memory = memory
        let isRandom = settings.randomizesAddresses
        let image = PageTables(root: try self.memory.allocateRoot())
        kernel = try LimineKernel(loading: file, into: image, &self.memory, isRandom: isRandom)
        requests = try LimineRequests(in: kernel.contents)
        let levels = try LimineMachine.pagingLevels(for: requests)
        tables = levels == 5 ? try image.inFifthLevel(&self.memory) : image
        let start: UInt64 = levels == 5 ? 0xFF00_0000_0000_0000 : 0xFFFF_8000_0000_0000
        let slide = isRandom ? random_number() % (1 << 15) << 30 : 0
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
        try answerWithFiles()
        try answerAboutScreen()
        try machine.findProcessors(
            for: requests, rsdp: memory.platform.findRSDP(), stackByteCount: stackByteCount,
            &memory)
    }

    private var stackByteCount: UInt64 {
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
        guard kernel.contains(entry) else {
            throw BootError(.kernel, "entry point is outside the image", found: entry.rawValue)
        }
        log.write(.info, "entry point %x, stack of %s", entry.rawValue, stack.byteCount)
        let scratch = try memory.allocate(byteCount: Self.memoryMapPages.byteCount)
        if layout.revision > 0 { try machine.mapEntry(in: tables, &memory) }
        var map = MemoryMap(storage: scratch)
        let time = requests.contains(LIMINE_DATE_AT_BOOT) ? memory.platform.currentTime() : nil
        try reserveTables()
        try memory.platform.exit(into: &map)
        try addOwnMemory(to: &map)
        try layout.map(map, into: tables, &memory)
        if let time { answer(LIMINE_DATE_AT_BOOT, UInt64(bitPattern: time)) }
        try answerAboutMemory(map)
        if settings.waitsForDebugger {
            clear_debugger_word(scratch.start.rawValue)
            log.writeForDebugger(
                entry: entry, slide: entry.rawValue &- file.entry.rawValue, word: scratch.start)
            wait_for_debugger(scratch.start.rawValue)
        }
        machine.setEntry(
            entry, stackTop: responses.virtual(stack.end), tables: tables, layout: layout)
        if let processors = machine.startProcessors(&responses, layout, memory.owned) {
            requests.answer(LIMINE_MP, with: processors)
        }
        for index in 0..<memory.owned.count { Architecture.makeExecutable(memory.owned[index]) }
        machine.enter(requests)
    }

    /// Reserves frames for the direct map's tables: a few for the ends of each range, and one for
    /// each GiB if there are no larger pages.
    private mutating func reserveTables() throws(BootError) {
        var end = PhysicalAddress(4 << 30)
        try memory.platform.forEachMemory { end = max(end, $0.upperBound) }
        let ranges = try memory.platform.memoryRangeCount() + 16
        try memory.reserve(PageCount(64 + 4 * ranges + 2 * (end.rawValue >> 30)))
    }

    /// Adds the loader's memory, the kernel's and its files', and the framebuffer.
    private func addOwnMemory(to map: inout MemoryMap) throws(BootError) {
        try map.add(loader: memory.owned)
        try map.add(kernel.image.start..<kernel.image.end, .kernel)
        for index in 0..<files.count { try map.add(files[index], .kernel) }
        if let framebuffer {
            let end = framebuffer.start + framebuffer.byteCount
            try map.add(framebuffer.start.pageStart..<end.roundedUpToPage, .framebuffer)
        }
    }

    /// Writes a response, which has zeros behind its last field.
    @inline(never)
    private mutating func answer(
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

    private mutating func answerWithEntropy(_ count: UInt64) {
        let count = min(count, Self.entropyLimit)
        let values = responses.end
        for _ in 0..<count { responses.add(random_number()) }
        answer(LIMINE_ENTROPY, count, values.rawValue)
    }

    /// Answers with the firmware's kind, its tables and the processor's clock.
    private mutating func answerAboutFirmware() {
        answer(LIMINE_FIRMWARE_TYPE, Platform.limineType)
        let revision = layout.revision
        if let rsdp = memory.platform.findRSDP() {
            answer(LIMINE_RSDP, revision == 3 ? rsdp.rawValue : pointer(rsdp))
        }
        let isPhysical = revision == 3 || revision == 4
        let tables = memory.platform.findSMBIOS()
        if tables.short != nil || tables.long != nil {
            func place(_ address: PhysicalAddress?) -> UInt64 {
                guard let address else { return 0 }
                return isPhysical ? address.rawValue : pointer(address)
            }
            answer(LIMINE_SMBIOS, place(tables.short), place(tables.long))
        }
        if let table = memory.platform.systemTableAddress {
            answer(LIMINE_EFI_SYSTEM_TABLE, isPhysical ? table.rawValue : pointer(table))
        }
        if let tree = memory.platform.findDeviceTree() {
            answer(LIMINE_DEVICE_TREE, pointer(tree))
        }
        if requests.contains(LIMINE_TSC_FREQUENCY), let hertz = LimineMachine.counterFrequency() {
            answer(LIMINE_TSC_FREQUENCY, hertz)
        }
    }

    private func pointer(_ address: PhysicalAddress) -> UInt64 {
        responses.virtual(address).rawValue
    }

    private mutating func answerAboutScreen() throws(BootError) {
        var request = ScreenRequest()
        request.apply(settings)
        guard requests.contains(LIMINE_FRAMEBUFFER),
            let screen = try memory.platform.findFramebuffer(request)
        else { return }
        framebuffer = screen
        let mode = responses.end
        responses.add(screen, isMode: true)
        let modes = responses.end
        responses.add(mode)
        let description = responses.end
        responses.add(pointer(screen.start))
        responses.add(screen, isMode: false)
        responses.add(0)  // EDID: size, address
        responses.add(0)
        responses.add(1)
        responses.add(modes)
        let descriptions = responses.end
        responses.add(description)
        answer(LIMINE_FRAMEBUFFER, revision: 1, 1, descriptions.rawValue)
        log.write(.debug, "screen of %d by %d", screen.width, screen.height)
    }

    /// Answers with the command line, the kernel's file and the modules.
    private mutating func answerWithFiles() throws(BootError) {
        var commandLine = responses.add("").rawValue
        var parameters: Parameters?
        let text = try memory.load(.parameters, room: 1)
        if let text {
            parameters = try Parameters(text)
            commandLine = pointer(text.start)
        }
        answer(LIMINE_COMMAND_LINE, commandLine)
        if requests.contains(LIMINE_EXECUTABLE_FILE) {
            let path = responses.addPath(Architecture.kernelName)
            answer(
                LIMINE_EXECUTABLE_FILE,
                try add(file.contents, path: path, string: commandLine).rawValue)
        }
        guard let text, let parameters, parameters.moduleCount > 0,
            requests.contains(LIMINE_MODULE)
        else { return }
        var modules = PerModule(repeating: VirtualAddress(0))
        for index in 0..<parameters.moduleCount {
            guard let contents = try memory.load(.module(index)) else {
                throw BootError(.module, "not in the image", count: UInt64(index) + 1)
            }
            let path = responses.addPath(text, from: parameters.names[index])
            modules[index] = try add(
                contents, path: path, string: pointer(text.start + parameters.strings[index]))
            log.write(.info, "module of %s at %x", contents.byteCount, contents.start.rawValue)
        }
        let array = responses.end
        for index in 0..<parameters.moduleCount { responses.add(modules[index]) }
        answer(LIMINE_MODULE, revision: 2, UInt64(parameters.moduleCount), array.rawValue)
    }

    /// Describes a file in memory, and returns the address of the description.
    private mutating func add(
        _ contents: PhysicalMemory, path: VirtualAddress, string: UInt64
    ) throws(BootError) -> VirtualAddress {
        let frames =
            contents.start..<contents.start
            + PageCount(holding: max(contents.byteCount, 1)).byteCount
        try files.insert(frames)
        let medium = memory.platform.medium
        let start = responses.end
        responses.add(0)  // revision
        responses.add(pointer(contents.start))
        responses.add(contents.byteCount)
        responses.add(path)
        responses.add(string)
        responses.add(medium.kind, 0)
        responses.add(medium.serverAddress, 0)  // TFTP server and its port
        responses.add(medium.partition, medium.diskSignature)
        for index in 0..<6 { responses.add(medium.identifiers[index]) }
        return start
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

extension LimineArena {
    /// Adds the fields of a video mode, or those that a framebuffer has behind its address.
    fileprivate mutating func add(_ screen: Framebuffer, isMode: Bool) {
        if isMode { add(screen.pitch) }
        add(screen.width)
        add(screen.height)
        if !isMode { add(screen.pitch) }
        let rgb: UInt64 = 1
        func bits(_ field: Framebuffer.Field) -> UInt64 {
            UInt64(field.position) << 8 | UInt64(field.bitCount)
        }
        add(
            8 * screen.bytesPerPixel | rgb << 16 | bits(screen.red) << 24
                | bits(screen.green) << 40 | bits(screen.blue) << 56)
        add(bits(screen.blue) >> 8)
    }
}
