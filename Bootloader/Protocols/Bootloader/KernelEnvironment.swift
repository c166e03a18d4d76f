import CMachine

/// Builds, step by step, everything that the boot contract promises a kernel.
struct KernelEnvironment<Platform: Firmware> {
    /// Boot info, a copy of UEFI's memory map and the memory regions: room for about 1,300 of each.
    private static var bootInfoPages: PageCount { PageCount(24) }
    /// Room to sort the firmware's memory map.
    private static var memoryMapPages: PageCount { PageCount(16) }

    private let file: KernelFile
    let configuration: KernelConfiguration
    private let requests: KernelRequests
    private var screenRequest: ScreenRequest
    let log: Log<Platform.Screen>
    var space: AddressSpace<Platform>
    private let waitsForDebugger: Bool
    private var info = boot_info()
    var extended = boot_extension()
    var modules = PerModule(repeating: boot_module())
    /// The memory of the boot info and what is behind it.
    private var bootInfo = PhysicalMemory(PhysicalAddress(0), byteCount: 0)
    private var handoff = CMachine.handoff()
    /// Nil if the kernel does not ask for other processors.
    private var processors: ParkedProcessors?

    /// Reads the kernel's configuration.
    init(
        _ file: KernelFile, memory: consuming FrameAllocator<Platform>, _ settings: LoaderSettings,
        _ log: Log<Platform.Screen>
    ) throws(BootError) {
        self.file = file
        self.log = log
        waitsForDebugger = settings.waitsForDebugger
        configuration = try KernelConfiguration(of: file)
        requests = try KernelRequests(of: file)
        screenRequest = configuration.screen
        screenRequest.apply(settings)
        space = try AddressSpace(configuration, memory: memory)
        info.kernel_address = file.contents.start.rawValue
        info.kernel_length = file.contents.byteCount
        info.test_sentinel = settings.testSentinel
    }

    /// Places everything in memory and maps it, while the firmware still runs.
    mutating func prepare() throws(BootError) {
        info.api_version.major = UInt16(Version.supported.major)
        info.api_version.minor = UInt16(Version.supported.minor)
        info.api_version.patch = UInt16(Version.supported.patch)
        info.rsdp_address.set(space.memory.platform.findRSDP()?.rawValue)
        describeFirmware(measuresClock: requests.contains(.counterFrequency))
        try mapKernel()
        try mapStack()
        try mapRamdisk()
        try mapParameters()
        try mapFramebuffer()
        try mapPhysicalMemory()
        try mapPageTable()
        if requests.contains(.processors) {
            processors = try ParkedProcessors(stackByteCount: stackByteCount, in: &space)
        }
        try mapBootInfo()
        try mapHandoffCode()
        let identity = Architecture.identityMapping(
            isPlain: configuration.isPlain, prefersText: screenRequest.prefersText)
        if let identity { try space.mapIdentity(identity, [.data, .device]) }
    }

    /// Takes the machine over from the firmware and jumps to the kernel.
    mutating func start() throws(BootError) {
        try Architecture.checkPaging()
        let scratch = try space.memory.allocate(byteCount: Self.memoryMapPages.byteCount)
        var map = MemoryMap(storage: scratch)
        try space.memory.platform.exit(into: &map)
        try map.add(loader: space.memory.owned)
        if let processors {
            // What they read must be in memory before one without caches does.
            space.memory.makeExecutable()
            extended.processor_count = processors.start(
                firstStack: info.kernel_stack_bottom, &handoff)
            extended.processors = processors.address.rawValue
        }
        try writeBootInfo(map)
        if waitsForDebugger {
            clear_debugger_word(scratch.start.rawValue)
            log.writeForDebugger(
                entry: VirtualAddress(handoff.entry), slide: info.kernel_image_offset,
                word: scratch.start)
            wait_for_debugger(scratch.start.rawValue)
        }
        space.memory.makeExecutable()
        hand_off(&handoff)
    }

    /// Writes the boot info, and behind it the extension, the modules, UEFI's memory map and the
    /// regions.
    private mutating func writeBootInfo(_ map: MemoryMap) throws(BootError) {
        let memory = bootInfo
        let address = handoff.boot_info
        let extensionOffset = UInt64(MemoryLayout<boot_info>.size)
        var offset = extensionOffset + UInt64(MemoryLayout<boot_extension>.size)
        memory.store(modules, at: offset)
        extended.modules = address + offset
        offset += UInt64(MemoryLayout.size(ofValue: modules))
        if let firmwareMap = space.memory.platform.firmwareMap {
            memory[offset..<memory.byteCount].copy(from: firmwareMap.contents)
            extended.efi_memory_map = address + offset
            extended.efi_memory_map_length = firmwareMap.contents.byteCount
            extended.efi_descriptor_size = UInt32(firmwareMap.descriptorByteCount)
            extended.efi_descriptor_version = firmwareMap.version
            offset += firmwareMap.contents.byteCount
        }
        info.memory_regions = address + offset
        info.memory_region_count = UInt64(
            try writeRegions(of: map, into: MemoryArray(memory[offset..<memory.byteCount])))
        memory.store(info)
        memory.store(extended, at: extensionOffset)
    }

    /// Writes the memory map in address order and returns how many regions it has.
    private func writeRegions(
        of map: MemoryMap, into regions: MemoryArray<boot_memory_region>
    ) throws(BootError) -> Int {
        var count = 0
        try map.forEach { part throws(BootError) in
            let region = boot_memory_region(part, isUEFI: Platform.isUEFI)
            if count > 0, regions[count - 1].isContinued(by: region) {
                regions[count - 1].end = region.end
                return
            }
            guard count < regions.count else {
                throw BootError(
                    .memoryMap, "too many regions", count: UInt64(count) + 1,
                    allowed: UInt64(regions.count))
            }
            regions[count] = region
            count += 1
        }
        return count
    }

    private mutating func mapKernel() throws(BootError) {
        let image = try KernelImage(loading: file, at: configuration.kernelBase, into: &space)
        info.kernel_image_offset = image.slide
        let template = try image.tlsTemplate()
        info.tls_template.tag = UInt32(template == nil ? BOOT_NONE : BOOT_SOME)
        info.tls_template.value = template ?? boot_tls_template()
        handoff.entry = image.entry.rawValue
        log.write(.info, "entry point %x, moved by %x", handoff.entry, image.slide)
    }

    /// The size of a processor's stack: room for an address at least.
    private var stackByteCount: UInt64 { max(configuration.stackByteCount, 16) }

    /// Maps the stack above a page that stays unmapped.
    private mutating func mapStack() throws(BootError) {
        if case .fixed(let address) = configuration.stack {
            try space.addresses.take(
                VirtualAddress(address.rawValue &- pageSize), byteCount: pageSize)
        }
        let (_, bottom) = try space.mapFresh(
            byteCount: stackByteCount, at: configuration.stack, .data)
        info.kernel_stack_bottom = bottom.rawValue
        info.kernel_stack_length = configuration.stackByteCount
        handoff.stack_top = (bottom + stackByteCount).roundedDown(to: 16).rawValue
        log.write(.trace, "stack of %s at %x", info.kernel_stack_length, bottom.rawValue)
    }

    private mutating func mapRamdisk() throws(BootError) {
        info.ramdisk_address.set(nil)
        guard let contents = try space.memory.load(.ramdisk), contents.byteCount > 0 else { return }
        let address = try space.map(
            contents.start, byteCount: contents.byteCount, at: configuration.ramdisk,
            .data)
        info.ramdisk_address.set(address.rawValue)
        info.ramdisk_length = contents.byteCount
        log.write(.info, "RAM disk of %s at %x", info.ramdisk_length, address.rawValue)
    }

    private mutating func mapFramebuffer() throws(BootError) {
        info.framebuffer.tag = UInt32(BOOT_NONE)
        guard let framebuffer = try space.memory.platform.findFramebuffer(screenRequest),
            framebuffer.pitch % framebuffer.bytesPerPixel == 0
        else { return }
        let address = try space.map(
            framebuffer.start.pageStart,
            byteCount: framebuffer.start.offsetInPage + framebuffer.byteCount,
            at: configuration.framebuffer, [.data, .pixels], alignment: 2 << 20)
        info.framebuffer.tag = UInt32(BOOT_SOME)
        info.framebuffer.value = boot_framebuffer(
            framebuffer, at: address + framebuffer.start.offsetInPage)
        log.write(.debug, "screen of %d by %d", framebuffer.width, framebuffer.height)
    }

    /// Maps all physical memory contiguously, at least 4 GiB, if the kernel asks for it.
    private mutating func mapPhysicalMemory() throws(BootError) {
        info.physical_memory_offset.set(nil)
        guard let mapping = configuration.physicalMemory else { return }
        let gigabyte: UInt64 = 1 << 30
        var end = PhysicalAddress(4 * gigabyte)
        try space.memory.platform.forEachMemory { end = max(end, $0.upperBound) }
        end = end.roundedUp(to: gigabyte)
        let address = try space.addresses.take(
            mapping, byteCount: end.rawValue, alignment: gigabyte)
        try space.mapAllMemory(at: address, upTo: end, .data)
        info.physical_memory_offset.set(address.rawValue)
        log.write(.debug, "physical memory of %s at %x", end.rawValue, address.rawValue)
    }

    /// Maps the page tables recursively, if the kernel asks for it.
    private mutating func mapPageTable() throws(BootError) {
        info.recursive_index.tag = UInt32(BOOT_NONE)
        guard let mapping = configuration.recursivePageTable else { return }
        let slot: UInt64 = 1 << 39
        let address = try space.addresses.take(mapping, byteCount: slot, alignment: slot)
        let index = address.rawValue >> 39 & 0x1FF
        try space.tables.mapRecursively(at: index)
        info.recursive_index.tag = UInt32(BOOT_SOME)
        info.recursive_index.value = UInt16(index)
    }

    private mutating func mapBootInfo() throws(BootError) {
        let (memory, address) = try space.mapFresh(
            byteCount: Self.bootInfoPages.byteCount, at: configuration.bootInfo, .data)
        bootInfo = memory
        handoff.boot_info = address.rawValue
    }

    /// Copies the loader's last instructions to a page that the kernel maps identically.
    private mutating func mapHandoffCode() throws(BootError) {
        var frame: PhysicalAddress
        repeat {
            frame =
                try requests.contains(.processors)
                ? space.memory.allocateForProcessors().start
                : space.memory.allocate(byteCount: pageSize, for: .code).start
        } while space.tables.lookUp(VirtualAddress(identityOf: frame)) != nil
        try space.tables.map(
            VirtualAddress(identityOf: frame), to: frame, byteCount: pageSize, PageFlags(),
            &space.memory, .smallPages)
        handoff.code = frame.rawValue
        handoff.page_table = space.tables.root.rawValue
        prepare_handoff(&handoff)
    }
}

extension boot_memory_region {
    fileprivate init(_ part: MemoryMap.Entry, isUEFI: Bool) {
        let kind =
            switch part.owner {
            case .unclaimed: BOOT_MEMORY_USABLE
            case .loader, .kernel: BOOT_MEMORY_BOOTLOADER
            case .firmware, .firmwareTable, .framebuffer:
                isUEFI ? BOOT_MEMORY_UNKNOWN_UEFI : BOOT_MEMORY_UNKNOWN_BIOS
            }
        self.init(
            start: part.range.lowerBound.rawValue, end: part.range.upperBound.rawValue,
            kind: UInt32(kind.rawValue), firmware_kind: part.owner == .firmware ? part.type : 0)
    }

    /// Whether `next` starts where this region ends and is of the same kind.
    fileprivate func isContinued(by next: boot_memory_region) -> Bool {
        end == next.start && kind == next.kind && firmware_kind == next.firmware_kind
    }
}

extension boot_framebuffer {
    /// A framebuffer that is mapped at `address`; its lines are whole pixels.
    fileprivate init(_ framebuffer: Framebuffer, at address: VirtualAddress) {
        self.init()
        buffer_start = address.rawValue
        byte_length = framebuffer.byteCount
        (width, height) = (framebuffer.width, framebuffer.height)
        bytes_per_pixel = framebuffer.bytesPerPixel
        stride = framebuffer.pitch / framebuffer.bytesPerPixel
        let (red, green, blue) = (framebuffer.red, framebuffer.green, framebuffer.blue)
        switch (red.position, green.position, blue.position) {
        case (0, 8, 16): pixel_format = BOOT_PIXEL_RGB.rawValue
        case (16, 8, 0): pixel_format = BOOT_PIXEL_BGR.rawValue
        default:
            pixel_format = BOOT_PIXEL_UNKNOWN.rawValue
            (red_position, green_position, blue_position) =
                (red.position, green.position, blue.position)
        }
    }
}
