/// Takes memory from the firmware for the loader and the kernel, and remembers all of it.
struct FrameAllocator<Platform: Firmware> {
    /// Single frames are taken from the firmware this many at a time.
    private static var poolPages: PageCount { PageCount(32) }
    /// The most bytes at once, 512 GiB: what one entry of the top-level page table maps.
    private static var limit: UInt64 { 1 << 39 }

    /// The firmware's state stays where it is, because this value is moved often.
    private let firmware: UnsafeMutablePointer<Platform>
    /// What the kernel must not use.
    private(set) var owned: RangeList<PhysicalAddress>
    private var pool: Range<PhysicalAddress>
    /// Memory that nothing more is put into.
    var avoided: Range<PhysicalAddress>?

    /// Takes the first frames from firmware whose address stays valid until the kernel starts.
    init(_ firmware: UnsafeMutablePointer<Platform>) throws(BootError) {
        self.firmware = firmware
        let first = PhysicalMemory(
            try firmware.pointee.allocate(Self.poolPages, for: .data, in: .everywhere),
            Self.poolPages)
        owned = RangeList(storage: first.start)
        pool = first.start + pageSize..<first.end
        try owned.insert(first.start..<first.end)
    }

    var platform: Platform {
        get { firmware.pointee }
        nonmutating _modify { yield &firmware.pointee }
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
            try owned.insert(frames)
            if let avoided, frames.overlaps(avoided) { continue }
            return PhysicalMemory(start, byteCount: byteCount)
        }
    }

    /// Takes the pages of a range, all of which must be free.
    mutating func take(_ range: Range<PhysicalAddress>) throws(BootError) {
        let start = range.lowerBound.pageStart
        let pages = PageCount(holding: range.upperBound - start)
        try platform.allocate(pages, at: start)
        try owned.insert(start..<start + pages.byteCount)
    }

    /// One frame, all zero.
    mutating func allocateZeroedFrame() throws(BootError) -> PhysicalAddress {
        if pool.isEmpty {
            let more = try allocate(byteCount: Self.poolPages.byteCount)
            pool = more.start..<more.end
        }
        let frame = pool.lowerBound
        pool = frame + pageSize..<pool.upperBound
        PhysicalMemory(frame, PageCount(1)).clear()
        return frame
    }

    /// A frame for the highest table, where a processor finds it before it is in 64-bit mode.
    mutating func allocateRoot() throws(BootError) -> PhysicalAddress {
        let frame = try allocate(byteCount: pageSize, in: .protectedMode)
        frame.clear()
        return frame.start
    }

    /// Makes sure that frames for tables are left once the firmware is not.
    mutating func reserve(_ pages: PageCount) throws(BootError) {
        let more = try allocate(byteCount: pages.byteCount)
        pool = more.start..<more.end
    }

    /// Reads a whole file into frames of its own, with `room` bytes after it; nil if the image does
    /// not have the file.
    mutating func load(
        _ file: BootFile, room: UInt64 = 0, in reach: MemoryReach = .everywhere
    ) throws(BootError) -> PhysicalMemory? {
        guard let byteCount = try platform.byteCount(of: file) else { return nil }
        let memory = try allocate(byteCount: byteCount + room, in: reach)
        try platform.read(file, into: memory[0..<byteCount])
        return memory
    }
}
