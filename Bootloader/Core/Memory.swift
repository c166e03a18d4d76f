/// The frames that the loader took for itself and the kernel, and where more come from.
struct Memory<Platform: Firmware> {
    /// Single frames are taken from the firmware this many at a time.
    private static var poolPages: UInt64 { 32 }
    /// What no machine has, and what arithmetic on addresses bears (Intel SDM 3A, section 4.1.4).
    private static var limit: UInt64 { 1 << 52 }

    /// Firmware keeps its state in one place: this value moves a lot.
    private let firmware: UnsafeMutablePointer<Platform>
    /// What must be told to the kernel as memory in use.
    private(set) var owned: RangeList
    private var pool: Range<UInt64>

    /// Takes the first frames from firmware whose address stays valid until the kernel starts.
    init(_ firmware: UnsafeMutablePointer<Platform>) throws(BootError) {
        self.firmware = firmware
        let start = try firmware.pointee.allocate(pages: Self.poolPages, for: .data)
        let end = start + Self.poolPages * pageSize
        owned = RangeList(storage: start)
        pool = start + pageSize..<end
        try owned.insert(start..<end)
    }

    var platform: Platform {
        get { firmware.pointee }
        nonmutating _modify { yield &firmware.pointee }
    }

    /// One run of frames for at least one byte; contents undefined.
    mutating func allocate(
        byteCount: UInt64, for use: MemoryUse = .data
    ) throws(BootError) -> UInt64 {
        guard byteCount < Self.limit else {
            throw BootError(.memory, "no free run of this many bytes", found: byteCount)
        }
        let pages = max(byteCount.pageCount, 1)
        let start = try platform.allocate(pages: pages, for: use)
        try owned.insert(start..<start + pages * pageSize)
        return start
    }

    /// One frame, all zero.
    mutating func allocateZeroedFrame() throws(BootError) -> UInt64 {
        if pool.isEmpty {
            let start = try allocate(byteCount: Self.poolPages * pageSize)
            pool = start..<start + Self.poolPages * pageSize
        }
        let frame = pool.lowerBound
        pool = frame + pageSize..<pool.upperBound
        frame.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: Int(pageSize))
        return frame
    }

    /// Reads a whole file into frames of its own; nil where the image has none.
    mutating func load(_ file: BootFile) throws(BootError) -> UnsafeRawBufferPointer? {
        guard let byteCount = try platform.byteCount(of: file) else { return nil }
        let start = try allocate(byteCount: byteCount)
        let buffer = UnsafeMutableRawBufferPointer(start: start.pointer, count: Int(byteCount))
        try platform.read(file, into: buffer)
        return UnsafeRawBufferPointer(buffer)
    }
}
