import CImageMachine
import CMachine

/// Starts a kernel with the MMU off and a device tree, as Linux starts on 64-bit ARM.
struct ImageBoot<Platform: Firmware> {
    private static var memoryMapPages: PageCount { PageCount(16) }

    /// As many as the last code's page has room for.
    private static var moveLimit: UInt64 {
        UInt64(IMAGE_ENTRY_VECTORS - IMAGE_ENTRY_MOVES) / UInt64(IMAGE_ENTRY_MOVE_SIZE)
    }

    private let log: Log<Platform.Screen>
    private let settings: LoaderSettings
    private let kernel: ImageKernel
    private var memory: FrameAllocator<Platform>
    /// The start of RAM.
    private let memoryStart: PhysicalAddress
    /// Where the kernel goes; its start differs from the file's if the kernel is movable.
    private let target: Range<PhysicalAddress>
    private let page: PhysicalMemory
    private var moveCount: UInt64 = 0

    /// Reads the kernel and decides where it goes.
    init(
        _ file: PhysicalMemory, memory: consuming FrameAllocator<Platform>,
        _ settings: LoaderSettings, _ log: Log<Platform.Screen>
    ) throws(BootError) {
        self.log = log
        self.settings = settings
        self.memory = memory
        guard settings.exceptionLevel <= exception_level() else {
            throw BootError(
                .settings, "firmware does not run at that level", count: settings.exceptionLevel)
        }
        var start = PhysicalAddress(~0)
        try self.memory.platform.forEachMemory { start = min(start, $0.lowerBound) }
        memoryStart = start
        let image = try ImageKernel(file)
        target =
            image.isMovable
            ? try self.memory.lowestPlace(for: image, from: memoryStart) : image.range
        try self.memory.keepFree(target, in: .all)
        kernel = try ImageKernel(
            self.memory.movedOutOfTheWay(file, of: target, in: .everywhere))
        page = try self.memory.allocate(byteCount: pageSize, for: .code)
        log.write(
            .info, "arm64 Image, kernel of %s at %x", target.byteCount, target.lowerBound.rawValue)
    }

    /// The distance by which the kernel is moved, modulo 2⁶⁴.
    private var slide: UInt64 { target.lowerBound.rawValue &- kernel.range.lowerBound.rawValue }

    /// Takes the machine over from the firmware and starts the kernel.
    mutating func start() throws(BootError) {
        let entry = kernel.entry &+ slide
        page.copy(
            from: PhysicalMemory(
                PhysicalAddress(image_entry_address()), byteCount: image_entry_size()))
        page.store(entry.rawValue, at: UInt64(IMAGE_ENTRY_START))
        page.store(settings.exceptionLevel, at: UInt64(IMAGE_ENTRY_LEVEL))
        page.store(image_entry_hvc_code, at: UInt64(IMAGE_ENTRY_HVC))
        let slide = slide
        try kernel.forEachPart { part throws(BootError) in
            try addMove(
                of: part.contents, to: PhysicalAddress(part.target &+ slide),
                byteCount: part.byteCount)
        }
        log.write(
            .info, "entry point %x at exception level %d", entry.rawValue, settings.exceptionLevel)
        var map = MemoryMap(
            storage: try memory.allocate(byteCount: Self.memoryMapPages.byteCount))
        let tree = try placeDeviceTree()
        page.store(tree?.rawValue ?? 0, at: UInt64(IMAGE_ENTRY_DEVICE_TREE))
        page.store(moveCount, at: UInt64(IMAGE_ENTRY_MOVE_COUNT))
        try memory.platform.exit(into: &map)
        if settings.waitsForDebugger {
            clear_debugger_word(map.storage.start.rawValue)
            log.writeForDebugger(
                entry: VirtualAddress(identityOf: entry), slide: slide, word: map.storage.start)
            wait_for_debugger(map.storage.start.rawValue)
        }
        memory.makeExecutable()
        image_enter(page.start.rawValue)
    }

    /// Adds a copy that the last code makes.
    private mutating func addMove(
        of contents: PhysicalMemory, to target: PhysicalAddress, byteCount: UInt64
    ) throws(BootError) {
        guard moveCount < Self.moveLimit else {
            throw BootError(
                .kernel, "too many segments", count: moveCount + 1, allowed: Self.moveLimit)
        }
        let numbers: [4 of UInt64] = [
            target.rawValue, contents.start.rawValue, contents.byteCount,
            byteCount - contents.byteCount,
        ]
        let offset = UInt64(IMAGE_ENTRY_MOVES) + moveCount * UInt64(IMAGE_ENTRY_MOVE_SIZE)
        for index in 0..<4 { page.store(numbers[index], at: offset + 8 * UInt64(index)) }
        moveCount += 1
    }

    /// Makes the kernel's device tree, and returns where it will be: at the start of RAM, where
    /// QEMU has it, if the kernel leaves that free.
    private mutating func placeDeviceTree() throws(BootError) -> PhysicalAddress? {
        var chosen = ChosenNode()
        chosen.commandLine = try loadCommandLine()
        if let ramdisk = try memory.load(.ramdisk) {
            log.write(.info, "RAM disk of %s at %x", ramdisk.byteCount, ramdisk.start.rawValue)
            chosen.ramdisk = ramdisk.start..<ramdisk.end
        }
        guard let tree = findDeviceTree() else {
            log.write(
                .warn, "no device tree, not at %x either: X0 is %x", memoryStart.rawValue, 0)
            return nil
        }
        let room = try memory.allocate(byteCount: tree.largestByteCount(with: chosen))
        let packed = tree.pack(into: room, with: chosen, reserving: page.start..<page.end)
        log.write(.info, "device tree of %s from %x", packed.byteCount, tree.memory.start.rawValue)
        let low = memoryStart..<(memoryStart + packed.byteCount).roundedUpToPage
        guard !low.overlaps(target), try memory.isFree(low, in: .all),
            memory.owned.firstOverlap(with: low) == nil
        else {
            return packed.start
        }
        try addMove(of: packed, to: low.lowerBound, byteCount: packed.byteCount)
        return low.lowerBound
    }

    /// The firmware's device tree, or the one that QEMU leaves at the start of RAM.
    private mutating func findDeviceTree() -> DeviceTree? {
        let address = memory.platform.findDeviceTree() ?? memoryStart
        guard let tree = DeviceTree(at: address), tree.isWhole else { return nil }
        return tree
    }

    /// The file `parameters` up to its first line's end; nil if there is none.
    private mutating func loadCommandLine() throws(BootError) -> PhysicalMemory? {
        guard let text = try memory.load(.parameters, room: 1) else { return nil }
        _ = try Parameters(text)
        return text
    }
}

extension FrameAllocator {
    /// The lowest free memory for a kernel that may be moved; like QEMU, it leaves the start of RAM
    /// to the device tree.
    fileprivate mutating func lowestPlace(
        for kernel: ImageKernel, from memoryStart: PhysicalAddress
    ) throws(BootError) -> Range<PhysicalAddress> {
        let isAtStart = kernel.range.lowerBound.rawValue < ImageKernel.treeByteCount
        let base = try findPlace(
            byteCount: kernel.range.upperBound.rawValue, alignment: ImageKernel.alignment,
            in: memoryStart + (isAtStart ? 1 : 0)..<PhysicalAddress(ImageKernel.memoryEnd),
            isLowest: true,
            .all)
        guard let base else {
            throw BootError(.memory, "no room for the kernel", count: kernel.range.byteCount)
        }
        return base + kernel.range.lowerBound.rawValue..<base + kernel.range.upperBound.rawValue
    }
}
