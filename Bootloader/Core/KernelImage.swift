/// The kernel as it will run: its segments in fresh frames, mapped with their own permissions,
/// relocated.
struct KernelImage {
    private let file: KernelFile
    private let memory: ImageMemory
    private var tables: PageTables { memory.tables }
    /// What is added to the file's virtual addresses; zero for a kernel of fixed address.
    var offset: UInt64 { memory.offset }
    /// Virtual address of the first instruction.
    var entry: UInt64 { file.entry &+ offset }

    /// Copies, maps and relocates the kernel of `file`.
    init<P>(
        loading file: KernelFile, at base: Mapping, into space: inout AddressSpace<P>
    ) throws(BootError) {
        self.file = file
        memory = ImageMemory(
            tables: space.tables,
            offset: try Self.chooseOffset(for: file, base, space.addresses))
        for index in 0..<file.segmentCount {
            let segment = try file.segment(index)
            if segment.kind == Segment.load, segment.memorySize > 0 {
                try place(segment, in: &space)
            }
        }
        try Relocator(file: file, memory: self.memory).relocate()
        try protectAfterRelocation()
        guard let page = tables.lookUp(entry.pageStart), !page.flags.contains(.noExecute) else {
            throw BootError(.kernel, "entry point is not in an executable segment", found: entry)
        }
    }

    /// The initial contents of each thread's variables, if the kernel has any.
    func tlsTemplate() throws(BootError) -> boot_tls_template? {
        for index in 0..<file.segmentCount {
            let segment = try file.segment(index)
            guard segment.kind == Segment.tls else { continue }
            return boot_tls_template(
                start_address: segment.address &+ offset, file_size: segment.fileSize,
                memory_size: segment.memorySize)
        }
        return nil
    }

    private static func chooseOffset(
        for file: KernelFile, _ base: Mapping, _ addresses: VirtualSpace
    ) throws(BootError) -> UInt64 {
        guard file.isPositionIndependent else { return 0 }
        var lowest = ~UInt64(0)
        var end: UInt64 = 0
        var alignment = pageSize
        for index in 0..<file.segmentCount {
            let segment = try file.segment(index)
            guard segment.kind == Segment.load, segment.memorySize > 0 else { continue }
            lowest = min(lowest, segment.address.pageStart)
            end = max(end, segment.address &+ segment.memorySize)
            if segment.alignment.isPowerOfTwo { alignment = max(alignment, segment.alignment) }
        }
        guard lowest < end else { throw BootError(.kernel, "no segment to load") }
        guard alignment <= 1 << 30 else {
            throw BootError(.kernel, "segment alignment", found: alignment, allowed: 1 << 30)
        }
        switch base {
        case .fixed(let address): return address &- lowest
        case .dynamic:
            return try addresses.findRoom(byteCount: end - lowest, alignment: alignment) &- lowest
        }
    }

    /// Copies one segment and maps it; pages that an earlier segment shares get both's rights.
    private func place<P>(
        _ segment: Segment, in space: inout AddressSpace<P>
    ) throws(BootError) {
        guard segment.fileSize <= segment.memorySize else {
            throw BootError(
                .kernel, "segment has more bytes in the file than in memory",
                found: segment.fileSize, allowed: segment.memorySize)
        }
        let source = try file.slice(segment.offset, segment.fileSize)
        let start = segment.address &+ offset
        let (end, overflow) = start.addingReportingOverflow(segment.memorySize)
        guard !overflow, start.isCanonical, (end - 1).isCanonical, end < ~0 - pageSize else {
            throw BootError(.kernel, "segment's address is not canonical", found: start)
        }
        if try canStay(segment) {
            try mapInPlace(source, at: start, segment.pageFlags, in: &space)
            return
        }
        try reserve(start..<end, segment.pageFlags, in: &space)
        try copy(source, to: start, zeroUpTo: end)
    }

    /// Whether a segment can run where its file lies in memory: nothing writes to it, its place
    /// in a page is the file's, and no other segment has a part of its pages.
    private func canStay(_ segment: Segment) throws(BootError) -> Bool {
        guard !segment.pageFlags.contains(.writable), segment.fileSize == segment.memorySize,
            segment.offset % pageSize == (segment.address &+ offset) % pageSize
        else { return false }
        var owners = 0
        for index in 0..<file.segmentCount {
            let other = try file.segment(index)
            if other.kind == Segment.load, other.sharesPages(with: segment) { owners += 1 }
        }
        return owners == 1
    }

    private func mapInPlace<P>(
        _ source: UnsafeRawBufferPointer, at start: UInt64, _ flags: PageFlags,
        in space: inout AddressSpace<P>
    ) throws(BootError) {
        let (first, end) = (start.pageStart, (start + UInt64(source.count)).roundedUpToPage)
        let frames = UInt64(UInt(bitPattern: source.baseAddress)).pageStart
        try space.addresses.take(first, byteCount: end - first)
        try tables.map(
            first, to: frames, byteCount: end - first, flags, &space.memory, .smallPages)
    }

    /// Maps fresh, zeroed frames for those pages of a segment that no other segment has.
    private func reserve<P>(
        _ range: Range<UInt64>, _ flags: PageFlags, in space: inout AddressSpace<P>
    ) throws(BootError) {
        var first = range.lowerBound.pageStart
        var end = range.upperBound.roundedUpToPage
        if let shared = tables.lookUp(first) {
            tables.setFlags(flags.union(permissionsOf: shared.flags), ofPage: first)
            first += pageSize
        }
        if first < end, let shared = tables.lookUp(end - pageSize) {
            end -= pageSize
            tables.setFlags(flags.union(permissionsOf: shared.flags), ofPage: end)
        }
        guard first < end else { return }
        try space.addresses.take(first, byteCount: end - first)
        let frames = try space.memory.allocate(byteCount: end - first)
        try tables.map(
            first, to: frames, byteCount: end - first, flags, &space.memory, .smallPages)
        frames.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: Int(pageSize))
        (frames + (end - first - pageSize)).pointer
            .initializeMemory(as: UInt8.self, repeating: 0, count: Int(pageSize))
    }

    /// Fills a segment's memory: the file's bytes, then zeros up to `end`.
    private func copy(
        _ source: UnsafeRawBufferPointer, to start: UInt64, zeroUpTo end: UInt64
    ) throws(BootError) {
        var done: UInt64 = 0
        while start + done < end {
            let address = start + done
            let chunk = min(end, address.pageStart + pageSize) - address
            let target = try memory.physical(address)
            let fromFile = min(chunk, UInt64(source.count) - min(done, UInt64(source.count)))
            if fromFile > 0, let base = source.baseAddress {
                target.copyMemory(from: base + Int(done), byteCount: Int(fromFile))
            }
            (target + Int(fromFile))
                .initializeMemory(as: UInt8.self, repeating: 0, count: Int(chunk - fromFile))
            done += chunk
        }
    }

    /// Takes the right to write from PT_GNU_RELRO, which only relocations had to fill.
    private func protectAfterRelocation() throws(BootError) {
        for index in 0..<file.segmentCount {
            let segment = try file.segment(index)
            guard segment.kind == Segment.relro else { continue }
            var page = (segment.address &+ offset).pageStart
            let end = (segment.address &+ segment.memorySize &+ offset).pageStart
            while page < end {
                if let mapped = tables.lookUp(page) {
                    tables.setFlags(mapped.flags.subtracting(.writable), ofPage: page)
                }
                page += pageSize
            }
        }
    }
}

extension UInt64 {
    fileprivate var isPowerOfTwo: Bool { self != 0 && self & (self - 1) == 0 }
}
