/// The header of a flat kernel (Linux, Documentation/arch/arm64/booting.rst, "Call the kernel
/// image").
struct ImageHeader {
    private static let byteCount: UInt64 = 64
    private static let magic: UInt32 = 0x644D_5241

    /// Of the kernel's first byte above a multiple of 2 MiB.
    let textOffset: UInt64
    /// Of the kernel in memory, in bytes.
    let imageByteCount: UInt64
    let flags: UInt64
    let hasMagic: Bool

    /// The header of a file, or what QEMU takes a file without one for; nil for an ELF file.
    init?(_ file: PhysicalMemory) {
        if file.byteCount >= 4, file.load(UInt32.self) == 0x464C_457F { return nil }
        hasMagic =
            file.byteCount >= Self.byteCount && file.load(UInt32.self, at: 56) == Self.magic
        // Linux before 3.17 has no size, and always this offset.
        let hasSize = hasMagic && file.load(UInt64.self, at: 16) != 0
        textOffset = hasSize ? file.load(UInt64.self, at: 8) : 0x80000
        imageByteCount = hasSize ? file.load(UInt64.self, at: 16) : file.byteCount
        flags = hasMagic ? file.load(UInt64.self, at: 24) : 0
    }
}

/// Which parts of a kernel's file go where in physical memory, and where the kernel starts.
struct ImageKernel {
    /// The end of what 52 bits address (FEAT_LPA).
    static var memoryEnd: UInt64 { 1 << 52 }
    /// Kernels that may be moved are placed at a multiple of this.
    static var alignment: UInt64 { 2 << 20 }
    /// The room for a device tree at the start of RAM, below a kernel that may be moved.
    static var treeByteCount: UInt64 { 64 << 10 }

    private let file: PhysicalMemory
    /// Nil for a flat file.
    private let elf: KernelFile?
    private let header: ImageHeader?
    /// The memory of all parts, before the kernel is moved.
    private(set) var range = PhysicalAddress(0)..<PhysicalAddress(0)
    private(set) var entry = PhysicalAddress(0)
    /// Whether the kernel runs at any multiple of 2 MiB rather than where it is linked.
    let isMovable: Bool

    /// Checks the kernel's parts and its entry point.
    init(_ file: PhysicalMemory) throws(BootError) {
        self.file = file
        header = ImageHeader(file)
        elf = header == nil ? try KernelFile(file) : nil
        isMovable = elf?.isPositionIndependent ?? true
        if let header {
            guard header.flags & 1 == 0 else { throw BootError(.kernel, "big-endian") }
            guard header.imageByteCount >= file.byteCount else {
                throw BootError(
                    .kernel, "image_size is less than the file", count: header.imageByteCount,
                    allowed: file.byteCount)
            }
        }
        var parts = PartRange(
            below: Self.memoryEnd, orElse: "segment's physical address is too high")
        try forEachPart { part throws(BootError) in try parts.add(part) }
        range = try parts.addresses
        entry = try elf?.physicalEntry() ?? range.lowerBound
    }

    /// Calls `body` with each part.
    @inline(never)
    func forEachPart(_ body: (KernelPart) throws(BootError) -> Void) throws(BootError) {
        if let header {
            return try body(
                KernelPart(
                    contents: file, target: header.textOffset, byteCount: header.imageByteCount))
        }
        try elf?.forEachSegment(.load) { segment throws(BootError) in
            guard segment.byteCount > 0 else { return }
            try body(
                KernelPart(
                    file, offset: segment.offset, fileByteCount: segment.fileByteCount,
                    target: segment.physicalAddress, byteCount: segment.byteCount))
        }
    }
}

extension KernelFile {
    /// Where the kernel starts with the MMU off: the entry point is a virtual address.
    fileprivate func physicalEntry() throws(BootError) -> PhysicalAddress {
        var found: PhysicalAddress?
        try forEachSegment(.load) { segment in
            let offset = entry.rawValue &- segment.address.rawValue
            if found == nil, offset < segment.fileByteCount {
                found = PhysicalAddress(segment.physicalAddress &+ offset)
            }
        }
        guard let found else {
            throw BootError(.kernel, "entry point is in no segment", found: entry.rawValue)
        }
        return found
    }
}
