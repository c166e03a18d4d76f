import CMachine

/// Everything that the boot contract promises a kernel, built up step by step.
struct KernelEnvironment<Platform: Firmware> {
    private static var dataFlags: PageFlags { [.writable, .noExecute] }
    /// Boot info, then the memory regions: room for some 1,300 of them.
    private static var bootInfoByteCount: UInt64 { 8 * pageSize }
    /// Room to sort the firmware's memory map in.
    private static var memoryMapByteCount: UInt64 { 16 * pageSize }

    private let file: KernelFile
    private let configuration: BootConfiguration
    private var screenRequest: ScreenRequest
    private let log: Log<Platform.Screen>
    private var space: AddressSpace<Platform>
    private let waitsForDebugger: Bool
    private var info = boot_info()
    private var extended = boot_extension()
    private var handoff = CMachine.handoff()

    /// Reads the kernel and what it asks for.
    init(
        memory: consuming Memory<Platform>, _ settings: LoaderSettings
    ) throws(BootError) {
        log = Log(settings.log, screen: memory.platform.screen)
        memory.platform.tellSecurity(log)
        waitsForDebugger = settings.waitsForDebugger
        guard let bytes = try memory.load(.kernel) else {
            throw BootError(.kernel, "not in the image")
        }
        file = try KernelFile(bytes)
        configuration = try Self.configuration(of: file)
        screenRequest = configuration.screen
        screenRequest.apply(settings)
        space = try AddressSpace(configuration, memory: memory)
        info.kernel_address = UInt64(UInt(bitPattern: bytes.baseAddress))
        info.kernel_length = UInt64(bytes.count)
        info.test_sentinel = settings.testSentinel
        log.write(.info, "kernel of ", info.kernel_length, " bytes at ", info.kernel_address)
    }

    private static func configuration(
        of file: KernelFile
    ) throws(BootError) -> BootConfiguration {
        guard let section = try file.section(named: ".bootloader-config") else {
            return BootConfiguration()
        }
        return try BootConfiguration(section: section)
    }

    /// Places everything in memory and maps it, with the firmware still at work.
    mutating func prepare() throws(BootError) {
        info.api_version.major = UInt16(Version.spoken.major)
        info.api_version.minor = UInt16(Version.spoken.minor)
        info.api_version.patch = UInt16(Version.spoken.patch)
        info.rsdp_address.set(space.memory.platform.findRSDP())
        extended.signature = UInt64(BOOT_EXTENSION_SIGNATURE)
        extended.version = 1
        extended.device_tree_address.set(space.memory.platform.findDeviceTree())
        extended.serial_port = SerialPort.device
        extended.exception_level = Architecture.exceptionLevel
        try mapKernel()
        try mapStack()
        try mapRamdisk()
        try mapFramebuffer()
        try mapPhysicalMemory()
        try mapPageTable()
        let identity = Architecture.identityMapping(
            isPlain: configuration.isPlain, prefersText: screenRequest.prefersText)
        if let identity { try space.mapIdentity(identity, Self.dataFlags.union(.device)) }
    }

    /// Takes the machine over from the firmware and jumps to the kernel.
    mutating func start() throws(BootError) {
        let (frames, address) = try space.mapFresh(
            byteCount: Self.bootInfoByteCount, at: configuration.bootInfo, Self.dataFlags)
        try mapHandoffCode()
        let scratch = try space.memory.allocate(byteCount: Self.memoryMapByteCount)
        var map = MemoryMap(
            storage: UnsafeMutableRawBufferPointer(
                start: scratch.pointer, count: Int(Self.memoryMapByteCount)))
        try space.memory.platform.exit(into: &map)
        for index in 0..<space.memory.owned.count {
            try map.add(loader: space.memory.owned[index])
        }
        let extensionOffset = MemoryLayout<boot_info>.size
        let infoByteCount = extensionOffset + MemoryLayout<boot_extension>.size
        let regions = UnsafeMutableRawBufferPointer(
            start: frames.pointer + infoByteCount,
            count: Int(Self.bootInfoByteCount) - infoByteCount
        ).bindMemory(to: boot_memory_region.self)
        info.memory_regions = address + UInt64(infoByteCount)
        info.memory_region_count = UInt64(try map.writeRegions(into: regions))
        frames.pointer.storeBytes(of: info, as: boot_info.self)
        (frames.pointer + extensionOffset).storeBytes(of: extended, as: boot_extension.self)
        handoff.boot_info = address
        if waitsForDebugger {
            let word = scratch.pointer.bindMemory(to: UInt64.self, capacity: 1)
            word.pointee = 0
            log.writeForDebugger(
                entry: handoff.entry, offset: info.kernel_image_offset,
                word: UInt64(UInt(bitPattern: word)))
            wait_for_debugger(word)
        }
        for index in 0..<space.memory.owned.count {
            Architecture.makeExecutable(space.memory.owned[index])
        }
        hand_off(&handoff)
    }

    private mutating func mapKernel() throws(BootError) {
        let image = try KernelImage(
            loading: file, at: configuration.kernelBase, into: &space)
        info.kernel_image_offset = image.offset
        info.tls_template.set(try image.tlsTemplate())
        handoff.entry = image.entry
        log.write(.info, "entry point ", image.entry, ", moved by ", image.offset)
    }

    /// Maps the stack above a page that stays unmapped.
    private mutating func mapStack() throws(BootError) {
        let byteCount = max(configuration.stackByteCount, 16).roundedUpToPage
        if case .fixed(let address) = configuration.stack {
            try space.addresses.take(address &- pageSize, byteCount: pageSize)
        }
        let (_, address) = try space.mapFresh(
            byteCount: byteCount, at: configuration.stack, Self.dataFlags)
        info.kernel_stack_bottom = address
        info.kernel_stack_length = configuration.stackByteCount
        handoff.stack_top = (address + max(configuration.stackByteCount, 16)) & ~0xF
        log.write(.trace, "stack of ", configuration.stackByteCount, " bytes at ", address)
    }

    private mutating func mapRamdisk() throws(BootError) {
        info.ramdisk_address.set(nil)
        guard let bytes = try space.memory.load(.ramdisk), !bytes.isEmpty else { return }
        let frames = UInt64(UInt(bitPattern: bytes.baseAddress))
        let address = try space.map(
            frames, byteCount: UInt64(bytes.count), at: configuration.ramdisk, Self.dataFlags)
        info.ramdisk_address.set(address)
        info.ramdisk_length = UInt64(bytes.count)
        log.write(.info, "RAM disk of ", UInt64(bytes.count), " bytes at ", address)
    }

    private mutating func mapFramebuffer() throws(BootError) {
        guard var framebuffer = try space.memory.platform.findFramebuffer(screenRequest) else {
            info.framebuffer.tag = UInt32(BOOT_NONE)
            return
        }
        let offset = framebuffer.buffer_start % pageSize
        let address = try space.map(
            framebuffer.buffer_start - offset, byteCount: offset + framebuffer.byte_length,
            at: configuration.framebuffer, Self.dataFlags.union(.pixels), alignment: 2 << 20)
        framebuffer.buffer_start = address + offset
        info.framebuffer.tag = UInt32(BOOT_SOME)
        info.framebuffer.value = framebuffer
        log.write(.debug, "screen of ", framebuffer.width, " by ", framebuffer.height)
    }

    /// Maps all of the physical memory in one piece, at least 4 GiB, if the kernel asks for it.
    private mutating func mapPhysicalMemory() throws(BootError) {
        info.physical_memory_offset.set(nil)
        guard let mapping = configuration.physicalMemory else { return }
        let gigabyte: UInt64 = 1 << 30
        var memoryEnd = 4 * gigabyte
        try space.memory.platform.forEachMemory { memoryEnd = max(memoryEnd, $0.upperBound) }
        let end = (memoryEnd + gigabyte - 1) & ~(gigabyte - 1)
        let address = try space.addresses.take(mapping, byteCount: end, alignment: gigabyte)
        try space.mapAllMemory(at: address, upTo: end, Self.dataFlags)
        info.physical_memory_offset.set(address)
        log.write(.debug, "physical memory up to ", end, " at ", address)
    }

    /// Lets the page table show itself to the kernel, if it asks for that.
    private mutating func mapPageTable() throws(BootError) {
        info.recursive_index.tag = UInt32(BOOT_NONE)
        guard let mapping = configuration.recursivePageTable else { return }
        let slot: UInt64 = 1 << 39
        let address = try space.addresses.take(mapping, byteCount: slot, alignment: slot)
        let index = address >> 39 & 0x1FF
        try space.tables.mapRecursively(at: Int(index))
        info.recursive_index.tag = UInt32(BOOT_SOME)
        info.recursive_index.value = UInt16(index)
    }

    /// Copies the last instructions to a page that is mapped at its physical address in the
    /// kernel's address space too.
    private mutating func mapHandoffCode() throws(BootError) {
        var frame = try space.memory.allocate(byteCount: pageSize, for: .code)
        while space.tables.lookUp(frame) != nil {
            frame = try space.memory.allocate(byteCount: pageSize, for: .code)
        }
        try space.tables.map(
            frame, to: frame, byteCount: pageSize, [], &space.memory, .smallPages)
        handoff.code = frame
        handoff.page_table = space.tables.root
        prepare_handoff(&handoff)
    }
}

extension boot_optional_u64 {
    fileprivate mutating func set(_ newValue: UInt64?) {
        tag = newValue == nil ? UInt32(BOOT_NONE) : UInt32(BOOT_SOME)
        value = newValue ?? 0
    }
}

extension boot_optional_tls_template {
    fileprivate mutating func set(_ newValue: boot_tls_template?) {
        tag = newValue == nil ? UInt32(BOOT_NONE) : UInt32(BOOT_SOME)
        value = newValue ?? boot_tls_template()
    }
}
