import CMachine

/// A kernel of the Limine protocol in one run of memory, mapped and relocated.
struct LimineKernel {
    /// The lowest address of a kernel.
    private static let lowest = LinkAddress(0xFFFF_FFFF_8000_0000)
    /// What a random slide leaves free at the end of the address space.
    private static let endRoom: UInt64 = 1 << 20

    /// All of the image, whole pages.
    let image: PhysicalMemory
    /// What the file fills, without what follows the last segment's bytes.
    let contents: PhysicalMemory
    /// Where the image starts in the kernel's address space.
    let start: VirtualAddress
    let entry: VirtualAddress
    /// What the loader adds to the file's addresses, modulo 2⁶⁴.
    private let slide: UInt64

    /// Copies, maps and relocates the kernel of `file`.
    init<P>(
        loading file: KernelFile, into tables: PageTables, _ memory: inout FrameAllocator<P>,
        isRandom: Bool
    ) throws(BootError) {
        let extent = try Extent(of: file)
        slide = try Self.slide(of: file, extent, isRandom: isRandom)
        let frames = try memory.allocate(byteCount: extent.byteCount + extent.alignment - pageSize)
        image = PhysicalMemory(
            frames.start.roundedUp(to: extent.alignment), byteCount: extent.byteCount)
        contents = image[0..<extent.fileEnd - extent.start]
        start = VirtualAddress(extent.start.rawValue &+ slide)
        entry = VirtualAddress(file.entry.rawValue &+ slide)
        var written: UInt64 = 0
        try file.forEachSegment(.load) { segment throws(BootError) in
            guard segment.byteCount > 0 else { return }
            let source = try file.slice(segment.offset, segment.fileByteCount)
            let offset = segment.address - extent.start
            image[written..<offset].clear()
            written = offset + source.byteCount
            image[offset..<written].copy(from: source)
            try Self.map(
                segment, at: VirtualAddress(segment.address.rawValue &+ slide),
                to: image.start + offset, in: tables, &memory)
        }
        image[written..<image.byteCount].clear()
        try Relocator(file: file, memory: ImageMemory(tables: tables, slide: slide)).relocate()
    }

    /// Whether an address is in the image.
    func contains(_ address: VirtualAddress) -> Bool {
        address >= start && address - start < image.byteCount
    }

    /// Where a section is in the image; nil if there is none of this name.
    func offset(ofSection name: Text, in file: KernelFile) throws(BootError) -> UInt64? {
        guard let address = try file.addressOfSection(named: name) else { return nil }
        return address.rawValue &+ slide &- start.rawValue
    }

    /// Maps a segment's pages; one that it shares with the segment before allows what either does.
    private static func map<P>(
        _ segment: Segment, at address: VirtualAddress, to frame: PhysicalAddress,
        in tables: PageTables, _ memory: inout FrameAllocator<P>
    ) throws(BootError) {
        var first = address.pageStart
        let end = (address + segment.byteCount).roundedUpToPage
        if let shared = tables.lookUp(first) {
            tables.setFlags(
                segment.pageFlags.union(permissionsOf: shared.flags), ofPage: first)
            first = first + pageSize
        }
        guard first < end else { return }
        try tables.map(
            first, to: frame.pageStart + (first - address.pageStart), byteCount: end - first,
            segment.pageFlags, &memory, .smallPages)
    }

    /// The distance from the file's addresses to those in memory.
    private static func slide(
        of file: KernelFile, _ extent: Extent, isRandom: Bool
    ) throws(BootError) -> UInt64 {
        guard file.isPositionIndependent else {
            guard extent.start >= lowest else {
                throw BootError(
                    .kernel, "below the addresses of a Limine kernel",
                    found: extent.start.rawValue, allowed: lowest.rawValue)
            }
            return 0
        }
        let first = max(extent.start, lowest.roundedUp(to: extent.alignment))
        var slide = first - extent.start
        // A kernel that is linked lower keeps its place within the alignment.
        slide = (slide + extent.alignment - 1) & ~(extent.alignment - 1)
        let room = 0 &- first.rawValue
        guard extent.alignment < room, extent.byteCount <= room - extent.alignment else {
            throw BootError(.kernel, "too large for its addresses", count: extent.byteCount)
        }
        let free = room - extent.alignment - extent.byteCount
        if isRandom, free > Self.endRoom {
            slide += random_number() % (free - Self.endRoom) & ~(extent.alignment - 1)
        }
        return slide
    }

    /// Where a file's segments are, together.
    private struct Extent {
        /// Of the first segment's page.
        private(set) var start = LinkAddress(~0)
        private(set) var end = LinkAddress(0)
        private(set) var fileEnd = LinkAddress(0)
        private(set) var alignment = pageSize

        var byteCount: UInt64 { (end.roundedUpToPage - start) }

        init(of file: KernelFile) throws(BootError) {
            try file.forEachSegment(.load) { segment throws(BootError) in
                guard segment.byteCount > 0 else { return }
                guard segment.address >= end, segment.fileByteCount <= segment.byteCount,
                    let range = segment.address.range(byteCount: segment.byteCount),
                    range.upperBound.rawValue <= ~0 - pageSize
                else {
                    throw BootError(
                        .kernel, "segments overlap, wrap or are not in order",
                        found: segment.address.rawValue)
                }
                start = min(start, segment.address.pageStart)
                end = range.upperBound
                fileEnd = segment.address + segment.fileByteCount
                if segment.alignment.nonzeroBitCount == 1 {
                    alignment = max(alignment, segment.alignment)
                }
            }
            guard start < end else { throw BootError(.kernel, "nothing to load") }
            guard alignment <= 1 << 30 else {
                throw BootError(
                    .kernel, "alignment is too large", found: alignment, allowed: 1 << 30)
            }
        }
    }
}
