import CMachine
import CMultibootMachine

/// Starts a kernel by the Multiboot or Multiboot2 protocol.
struct MultibootBoot<Platform: Firmware> {
    private static var memoryMapPages: PageCount { PageCount(16) }

    /// As many as the last code's page has room for.
    private static var partLimit: UInt32 {
        UInt32(pageSize - UInt64(MULTIBOOT_ENTRY_MOVES)) / UInt32(MULTIBOOT_ENTRY_MOVE_SIZE)
    }

    private let header: MultibootHeader
    private let log: Log<Platform.Screen>
    private let settings: LoaderSettings
    private var file: PhysicalMemory
    private var image: MultibootImage
    private var memory: FrameAllocator<Platform>
    /// Where the kernel goes; its start differs from the image's if it is relocated.
    private var target: Range<PhysicalAddress>
    /// Whether the kernel starts with UEFI's boot services.
    private let keepsFirmware: Bool

    /// Reads the kernel's header and decides where the kernel goes.
    init(
        _ header: MultibootHeader, _ file: PhysicalMemory,
        memory: consuming FrameAllocator<Platform>, _ settings: LoaderSettings,
        _ log: Log<Platform.Screen>
    ) throws(BootError) {
        self.header = header
        self.file = file
        self.log = log
        self.settings = settings
        self.memory = memory
        keepsFirmware =
            header.keepsBootServices && self.memory.platform.systemTableAddress != nil
        image = try MultibootImage(file, header, isForEFI: keepsFirmware)
        target = image.range
        if let relocation = header.relocation { try place(relocation) }
        if keepsFirmware {
            try self.memory.take(target)
        } else {
            try self.memory.keepFree(target, in: .afterExit)
            self.file = try self.memory.movedOutOfTheWay(file, of: target, in: .protectedMode)
            image = try MultibootImage(self.file, header, isForEFI: keepsFirmware)
        }
        log.write(
            .info,
            header.version == .one
                ? "Multiboot, kernel of %s at %x"
                : "Multiboot2, kernel of %s at %x", target.byteCount, target.lowerBound.rawValue)
    }

    /// Chooses a free place for a kernel that may be moved: the lowest if it prefers that, else the
    /// highest.
    private mutating func place(_ relocation: MultibootHeader.Relocation) throws(BootError) {
        let alignment = UInt64(relocation.alignment)
        guard alignment.nonzeroBitCount == 1 else {
            throw BootError(.kernel, "alignment is not a power of two", found: alignment)
        }
        let lowest = PhysicalAddress(UInt64(relocation.lowest))
        let end = PhysicalAddress(UInt64(relocation.highest) + 1)
        let found = try memory.findPlace(
            byteCount: target.byteCount, alignment: alignment, in: lowest..<max(lowest, end),
            isLowest: relocation.prefersLowest, keepsFirmware ? .now : .afterExit)
        guard let found else {
            throw BootError(
                .kernel, "no free memory where it may be moved to", found: lowest.rawValue,
                allowed: UInt64(relocation.highest))
        }
        target = found..<found + target.byteCount
    }

    /// The distance by which the kernel is moved, modulo 2⁶⁴.
    private var slide: UInt64 { target.lowerBound.rawValue &- image.range.lowerBound.rawValue }

    /// Takes the machine over from the firmware, unless the kernel does, and starts the kernel.
    mutating func start() throws(BootError) {
        var contents = MultibootContents(isFirst: header.version == .one)
        contents.loadBase = target.lowerBound.rawValue
        contents.commandLine = try loadModules(&contents)
        contents.sections = try image.sectionHeaders()
        contents.file = file
        contents.screen = try screen()
        let entry = image.entry &+ slide
        log.write(.info, "entry point %x, moved by %x", entry, slide)
        contents.powerManagement = memory.platform.findPowerManagement()
        let space = try allocateInformation(of: contents)
        var information = MultibootInformation(space)
        if keepsFirmware {
            try copyParts()
            information.write(contents, memory.platform, isFinal: false)
            multiboot_enter_efi(entry, UInt64(contents.magic), space.start.rawValue)
        }
        let page = try memory.allocate(byteCount: pageSize, for: .code, in: .protectedMode)
        page.copy(
            from: PhysicalMemory(
                PhysicalAddress(multiboot_entry_address()), byteCount: multiboot_entry_size()))
        page.store(UInt32(truncatingIfNeeded: entry), at: UInt64(MULTIBOOT_ENTRY_START))
        page.store(contents.magic, at: UInt64(MULTIBOOT_ENTRY_MAGIC))
        page.store(
            UInt32(truncatingIfNeeded: space.start.rawValue),
            at: UInt64(MULTIBOOT_ENTRY_INFORMATION))
        try writeMoves(into: page)
        var map = MemoryMap(
            storage: try memory.allocate(byteCount: Self.memoryMapPages.byteCount))
        try memory.platform.exit(into: &map)
        information.write(contents, memory.platform, isFinal: true)
        if settings.waitsForDebugger {
            clear_debugger_word(map.storage.start.rawValue)
            log.writeForDebugger(
                entry: VirtualAddress(entry), slide: slide, word: map.storage.start)
            wait_for_debugger(map.storage.start.rawValue)
        }
        multiboot_enter(page.start.rawValue)
    }

    /// Memory for the boot information: low, if there is room, where old kernels expect it.
    private mutating func allocateInformation(
        of contents: MultibootContents
    ) throws(BootError) -> PhysicalMemory {
        let byteCount = MultibootInformation.byteCount(of: contents)
        if contents.isFirst,
            let low = try? memory.allocate(byteCount: byteCount, in: .realMode)
        {
            return low
        }
        return try memory.allocate(byteCount: byteCount, in: .protectedMode)
    }

    /// Lists the kernel's parts for the last code, which copies them.
    private func writeMoves(into page: PhysicalMemory) throws(BootError) {
        var count: UInt32 = 0
        try image.forEachPart { part throws(BootError) in
            guard count < Self.partLimit else {
                throw BootError(
                    .kernel, "too many segments", count: UInt64(count) + 1,
                    allowed: UInt64(Self.partLimit))
            }
            let offset =
                UInt64(MULTIBOOT_ENTRY_MOVES) + UInt64(count) * UInt64(MULTIBOOT_ENTRY_MOVE_SIZE)
            let numbers: [4 of UInt64] = [
                part.target &+ slide, part.contents.start.rawValue, part.contents.byteCount,
                part.byteCount - part.contents.byteCount,
            ]
            for index in 0..<4 {
                page.store(
                    UInt32(truncatingIfNeeded: numbers[index]), at: offset + 4 * UInt64(index))
            }
            count += 1
        }
        page.store(count, at: UInt64(MULTIBOOT_ENTRY_MOVE_COUNT))
    }

    /// Copies the kernel's parts to memory that is the loader's.
    private func copyParts() throws(BootError) {
        try image.forEachPart { part throws(BootError) in
            let memory = PhysicalMemory(
                PhysicalAddress(part.target &+ slide), byteCount: part.byteCount)
            memory.copy(from: part.contents)
            memory[part.contents.byteCount..<memory.byteCount].clear()
        }
    }

    /// Reads the command line and the modules; returns the command line, with its zero.
    private mutating func loadModules(
        _ contents: inout MultibootContents
    ) throws(BootError) -> PhysicalMemory? {
        guard let text = try memory.load(.parameters, room: 1, in: .protectedMode) else {
            return nil
        }
        let parameters = try Parameters(text)
        for index in 0..<parameters.moduleCount {
            guard
                let module = try memory.load(.module(index), in: .protectedMode)
            else { throw BootError(.module, "not in the image", count: UInt64(index) + 1) }
            contents.modules[index] = module
            contents.moduleStrings[index] = text[parameters.strings[index]..<text.byteCount]
            contents.moduleCount += 1
            log.write(.info, "module of %s at %x", module.byteCount, module.start.rawValue)
        }
        return text
    }

    /// The framebuffer, if the kernel asks for one or cannot have text.
    private mutating func screen() throws(BootError) -> Framebuffer? {
        var request = header.screen ?? ScreenRequest(prefersText: header.acceptsText)
        request.apply(settings)
        return try memory.platform.findFramebuffer(request)
    }
}
