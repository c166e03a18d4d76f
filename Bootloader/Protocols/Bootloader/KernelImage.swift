/// The kernel as it will run: loaded, mapped with its segments' permissions, and relocated.
struct KernelImage {
    private let file: KernelFile
    private let memory: ImageMemory
    private var tables: PageTables { memory.tables }
    /// What the loader adds to the file's addresses; zero for a kernel with fixed addresses.
    var slide: UInt64 { memory.slide }
    /// The first instruction.
    var entry: VirtualAddress { memory.virtual(file.entry) }

    /// Copies, maps and relocates the kernel of `file`.
    init<P>(
        loading file: KernelFile, at base: Mapping, into space: inout AddressSpace<P>
    ) throws(BootError) {
        self.file = file
        memory = ImageMemory(
            tables: space.tables, slide: try Self.chooseSlide(for: file, base, space.addresses))
        var count: UInt64 = 0
        try file.forEachSegment(.load) { segment throws(BootError) in
            guard segment.byteCount > 0 else { return }
            count += 1
            // Each may take an entry in lists of 256.
            guard count <= 240 else {
                throw BootError(.kernel, "too many segments", count: count, allowed: 240)
            }
            try place(segment, in: &space)
        }
        try Relocator(file: file, memory: memory).relocate()
        try protectAfterRelocation()
        guard let page = tables.lookUp(entry.pageStart), !page.flags.contains(.noExecute) else {
            throw BootError(
                .kernel, "entry point is not in an executable segment", found: entry.rawValue)
        }
    }

    /// The initial contents of each thread's variables; nil if the kernel has none.
    func tlsTemplate() throws(BootError) -> boot_tls_template? {
        var template: boot_tls_template?
        try file.forEachSegment(.tls) { segment throws(BootError) in
            guard template == nil else { return }
            template = boot_tls_template(
                start_address: memory.virtual(segment.address).rawValue,
                file_size: segment.fileByteCount, memory_size: segment.byteCount)
        }
        return template
    }

    private static func chooseSlide(
        for file: KernelFile, _ base: Mapping, _ addresses: VirtualSpace
    ) throws(BootError) -> UInt64 {
        guard file.isPositionIndependent else { return 0 }
        var lowest = LinkAddress(~0)
        var end = LinkAddress(0)
        var alignment = pageSize
        try file.forEachSegment(.load) { segment throws(BootError) in
            guard segment.byteCount > 0 else { return }
            lowest = min(lowest, segment.address.pageStart)
            end = max(end, segment.address &+ segment.byteCount)
            if segment.alignment.nonzeroBitCount == 1 {
                alignment = max(alignment, segment.alignment)
            }
        }
        guard lowest < end else { throw BootError(.kernel, "no segment to load") }
        guard alignment <= 1 << 30 else {
            throw BootError(
                .kernel, "unsupported segment alignment", found: alignment, allowed: 1 << 30)
        }
        let start = try addresses.place(base, byteCount: end - lowest, alignment: alignment)
        return start.rawValue &- lowest.rawValue
    }

    /// Copies one segment and maps it; a page shared with an earlier segment allows what either
    /// allows.
    private func place<P>(_ segment: Segment, in space: inout AddressSpace<P>) throws(BootError) {
        guard segment.fileByteCount <= segment.byteCount else {
            throw BootError(
                .kernel, "segment has more bytes in the file than in memory",
                count: segment.fileByteCount, allowed: segment.byteCount)
        }
        let source = try file.slice(segment.offset, segment.fileByteCount)
        let start = memory.virtual(segment.address)
        guard let range = start.range(byteCount: segment.byteCount), start.isCanonical,
            case let last = range.upperBound - 1, last.isCanonical,
            last.rawValue < ~0 - pageSize - 1
        else {
            throw BootError(.kernel, "segment's address is not canonical", found: start.rawValue)
        }
        if try canStay(segment) {
            try mapInPlace(source, at: start, segment.pageFlags, in: &space)
            return
        }
        try reserve(range, segment.pageFlags, in: &space)
        try copy(source, to: range)
    }

    /// Whether a segment can run where its file is in memory: it is read-only, it starts at the
    /// same place in a page as in the file, and no other segment shares its pages.
    private func canStay(_ segment: Segment) throws(BootError) -> Bool {
        guard !segment.pageFlags.contains(.writable), segment.fileByteCount == segment.byteCount,
            segment.offset % pageSize == memory.virtual(segment.address).offsetInPage
        else { return false }
        var owners = 0
        try file.forEachSegment(.load) { other throws(BootError) in
            if other.sharesPages(with: segment) { owners += 1 }
        }
        return owners == 1
    }

    private func mapInPlace<P>(
        _ source: PhysicalMemory, at start: VirtualAddress, _ flags: PageFlags,
        in space: inout AddressSpace<P>
    ) throws(BootError) {
        let first = start.pageStart
        let byteCount = (start + source.byteCount).roundedUpToPage - first
        try space.addresses.take(first, byteCount: byteCount)
        try tables.map(
            first, to: source.start.pageStart, byteCount: byteCount, flags, &space.memory,
            .smallPages)
    }

    /// Maps fresh frames, zeroed at both ends, for those pages of a segment that no other has.
    private func reserve<P>(
        _ range: Range<VirtualAddress>, _ flags: PageFlags, in space: inout AddressSpace<P>
    ) throws(BootError) {
        var first = range.lowerBound.pageStart
        var end = range.upperBound.roundedUpToPage
        if let shared = tables.lookUp(first) {
            tables.setFlags(flags.union(permissionsOf: shared.flags), ofPage: first)
            first = first + pageSize
        }
        if first < end, let shared = tables.lookUp(end - pageSize) {
            end = end - pageSize
            tables.setFlags(flags.union(permissionsOf: shared.flags), ofPage: end)
        }
        guard first < end else { return }
        let byteCount = end - first
        try space.addresses.take(first, byteCount: byteCount)
        let frames = try space.memory.allocate(byteCount: byteCount)
        try tables.map(
            first, to: frames.start, byteCount: byteCount, flags, &space.memory, .smallPages)
        frames[0..<pageSize].clear()
        frames[byteCount - pageSize..<byteCount].clear()
    }

    /// Fills a segment's memory with the file's bytes, then zeros.
    private func copy(_ source: PhysicalMemory, to range: Range<VirtualAddress>) throws(BootError) {
        var done: UInt64 = 0
        while done < range.byteCount {
            let target = try memory.restOfPage(range.lowerBound + done)
            let chunk = min(range.byteCount - done, target.byteCount)
            let fromFile = min(chunk, source.byteCount - min(done, source.byteCount))
            if fromFile > 0 { target.copy(from: source[done..<done + fromFile]) }
            target[fromFile..<chunk].clear()
            done += chunk
        }
    }

    /// Makes the pages of PT_GNU_RELRO read-only, which only relocations had to write to.
    private func protectAfterRelocation() throws(BootError) {
        try file.forEachSegment(.relro) { segment throws(BootError) in
            var page = memory.virtual(segment.address).pageStart
            let end = memory.virtual(segment.address &+ segment.byteCount).pageStart
            while page < end {
                guard let mapped = tables.lookUp(page) else {
                    throw BootError(.kernel, "RELRO outside its segments", found: page.rawValue)
                }
                tables.setFlags(mapped.flags.subtracting(.writable), ofPage: page)
                page = page + pageSize
            }
        }
    }
}
