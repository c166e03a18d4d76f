/// Takes memory from the firmware for the loader and the kernel, and remembers all of it.
struct FrameAllocator<Platform: Firmware> {
    /// Single frames are taken from the firmware this many at a time.
    private static var poolPages: PageCount { PageCount(32) }
    /// The most bytes at once, 512 GiB: what one entry of the top-level page table maps.
    private static var limit: UInt64 { 1 << 39 }

    /// What changes stays in one place: this value is passed and moved often.
    private struct State {
        /// What the kernel must not use.
        var owned: RangeList<PhysicalAddress>
        var pool: Range<PhysicalAddress>
        var avoided: Range<PhysicalAddress>?
    }

    private let firmware: UnsafeMutablePointer<Platform>
    private var state: UnsafeMutablePointer<State>

    /// Takes the first frames from firmware whose address stays valid until the kernel starts.
    init(_ firmware: UnsafeMutablePointer<Platform>) throws(BootError) {
        self.firmware = firmware
        let first = PhysicalMemory(
            try firmware.pointee.allocate(Self.poolPages, for: .data, in: .everywhere),
            Self.poolPages)
        var owned = RangeList<PhysicalAddress>(storage: first.start)
        try owned.insert(first.start..<first.end)
        state = Self.state(in: first)
        state.initialize(to: State(owned: owned, pool: first.start + 2 * pageSize..<first.end))
    }

    var platform: Platform {
        unsafeAddress { UnsafePointer(firmware) }
        nonmutating unsafeMutableAddress { firmware }
    }

    /// What the kernel must not use.
    var owned: RangeList<PhysicalAddress> { state.pointee.owned }

    /// Puts nothing more into a range, and moves this value's own state out of it.
    mutating func avoid(_ range: Range<PhysicalAddress>) throws(BootError) {
        state.pointee.avoided = range
        let start = PhysicalAddress(UInt64(UInt(bitPattern: state))) - pageSize
        guard range.overlaps(start..<start + Self.poolPages.byteCount) else { return }
        let pool = try allocate(byteCount: Self.poolPages.byteCount)
        pool.copy(from: PhysicalMemory(start, PageCount(2)))
        state = Self.state(in: pool)
        state.pointee.owned.move(to: pool.start)
        state.pointee.pool = pool.start + 2 * pageSize..<pool.end
    }

    /// The state's place in a pool: behind the list of what is owned, in two frames of the pool.
    private static func state(in pool: PhysicalMemory) -> UnsafeMutablePointer<State> {
        PhysicalMemory(pool.start + pageSize, PageCount(1)).pointer.bindMemory(
            to: State.self, capacity: 1)
    }

    /// Contiguous frames for `byteCount` bytes, at least one frame; their contents are undefined.
    mutating func allocate(
        byteCount: UInt64, for use: MemoryUse = .data, in reach: MemoryReach = .everywhere
    ) throws(BootError) -> PhysicalMemory {
        guard byteCount <= Self.limit else {
            throw BootError(.memory, "no free run of this many bytes", count: byteCount)
        }
        let pages = PageCount(holding: max(byteCount, 1))
        while true {
            let start = try platform.allocate(pages, for: use, in: reach)
            let frames = start..<start + pages.byteCount
            try state.pointee.owned.insert(frames)
            if let avoided = state.pointee.avoided, frames.overlaps(avoided) { continue }
            return PhysicalMemory(start, byteCount: byteCount)
        }
    }

    /// A page for code at which other processors can start; without one they stay off, and the page
    /// is for this one only.
    mutating func allocateForProcessors() throws(BootError) -> PhysicalMemory {
        do throws(BootError) {
            return try allocate(byteCount: pageSize, for: .code, in: Processor.startReach)
        } catch {
            return try allocate(byteCount: pageSize, for: .code, in: .protectedMode)
        }
    }

    /// Takes the pages of a range, all of which must be free.
    mutating func take(_ range: Range<PhysicalAddress>) throws(BootError) {
        let start = range.lowerBound.pageStart
        let pages = PageCount(holding: range.upperBound - start)
        try platform.allocate(pages, at: start)
        try state.pointee.owned.insert(start..<start + pages.byteCount)
    }

    /// One frame, all zero.
    @inline(never)
    mutating func allocateZeroedFrame() throws(BootError) -> PhysicalAddress {
        if state.pointee.pool.isEmpty { try reserve(Self.poolPages) }
        let frame = state.pointee.pool.lowerBound
        state.pointee.pool = frame + pageSize..<state.pointee.pool.upperBound
        PhysicalMemory(frame, PageCount(1)).clear()
        return frame
    }

    /// The frames of the highest tables, where a processor finds them before it is in 64-bit mode.
    mutating func allocateRoot() throws(BootError) -> PhysicalAddress {
        let frames = try allocate(
            byteCount: Architecture.rootFrames.byteCount, in: .protectedMode)
        frames.clear()
        return frames.start
    }

    /// Makes sure that frames for tables are left once the firmware is not.
    mutating func reserve(_ pages: PageCount) throws(BootError) {
        let more = try allocate(byteCount: pages.byteCount)
        state.pointee.pool = more.start..<more.end
    }

    /// Reads a whole file into frames of its own, with `room` bytes after it; nil if the image does
    /// not have the file.
    @inline(never)
    mutating func load(
        _ file: BootFile, room: UInt64 = 0, in reach: MemoryReach = .everywhere
    ) throws(BootError) -> PhysicalMemory? {
        guard let byteCount = try platform.byteCount(of: file) else { return nil }
        let memory = try allocate(byteCount: byteCount + room, in: reach)
        try platform.read(file, into: memory[0..<byteCount])
        return memory
    }

    /// Lets processors with any settings read and execute what the loader wrote.
    func makeExecutable() {
        for index in 0..<owned.count { Architecture.makeExecutable(owned[index]) }
    }
}
