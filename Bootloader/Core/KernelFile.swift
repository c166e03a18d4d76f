/// A kernel's ELF file in memory; every access is checked against the file's end.
struct KernelFile {
    let contents: PhysicalMemory

    /// The fields of the file header that the loader needs (gABI 4.1, "ELF Header").
    let isPositionIndependent: Bool
    let entry: LinkAddress
    private let programHeaderOffset: UInt64
    private let programHeaderCount: UInt64
    private let sectionHeaderOffset: UInt64
    private let sectionHeaderCount: UInt64
    private let sectionNameIndex: UInt64

    private enum Size {
        static let fileHeader: UInt64 = 64
        static let programHeader: UInt64 = 56
        static let sectionHeader: UInt64 = 64
    }

    /// Checks that the file is a 64-bit little-endian ELF program for this processor.
    init(_ contents: PhysicalMemory) throws(BootError) {
        self.contents = contents
        guard contents.byteCount >= Size.fileHeader else {
            throw BootError(
                .kernel, "shorter than an ELF header", count: contents.byteCount,
                allowed: Size.fileHeader)
        }
        let header = PhysicalMemory(contents.start, byteCount: Size.fileHeader)
        func half(_ offset: UInt64) -> UInt64 { UInt64(header.load(UInt16.self, at: offset)) }
        let magic = UInt64(header.load(UInt32.self))
        try BootError.require(.kernel, "not an ELF file", magic, is: 0x464C_457F)
        try BootError.require(.kernel, "not 64-bit, little-endian", half(4), is: 0x0102)
        try BootError.require(.kernel, Architecture.refusal, half(18), is: Architecture.machine)
        let type = half(16)
        guard type == 2 || type == 3 else {
            throw BootError(.kernel, "neither executable nor shared object", found: type)
        }
        isPositionIndependent = type == 3
        entry = LinkAddress(header.load(UInt64.self, at: 24))
        programHeaderOffset = header.load(UInt64.self, at: 32)
        sectionHeaderOffset = header.load(UInt64.self, at: 40)
        try BootError.require(
            .kernel, "wrong program header size", half(54), is: Size.programHeader)
        programHeaderCount = half(56)
        sectionHeaderCount = half(58) == Size.sectionHeader ? half(60) : 0
        sectionNameIndex = half(62)
    }

    /// A range of the file; one beyond its end is refused.
    @inline(never)
    func slice(_ offset: UInt64, _ byteCount: UInt64) throws(BootError) -> PhysicalMemory {
        try contents.sliceOfKernel(offset, byteCount)
    }

    /// Calls `body` with each program header of a kind (gABI 4.1, "Program Header").
    @inline(never)
    func forEachSegment(
        _ kind: Segment.Kind, _ body: (Segment) throws(BootError) -> Void
    ) throws(BootError) {
        for index in 0..<programHeaderCount {
            let segment = try segment(index)
            if segment.kind == kind.rawValue { try body(segment) }
        }
    }

    @inline(never)
    private func segment(_ index: UInt64) throws(BootError) -> Segment {
        Segment(try entry(index, of: programHeaderOffset, Size.programHeader))
    }

    /// The contents of a section; nil if there is none of this name.
    func section(named name: Text) throws(BootError) -> PhysicalMemory? {
        guard let header = try sectionHeader(named: name) else { return nil }
        return try sectionContents(header)
    }

    /// Where a section is in the kernel's address space; nil if there is none of this name.
    func addressOfSection(named name: Text) throws(BootError) -> LinkAddress? {
        try sectionHeader(named: name).map { LinkAddress($0.load(UInt64.self, at: 16)) }
    }

    @inline(never)
    private func sectionHeader(named name: Text) throws(BootError) -> PhysicalMemory? {
        guard sectionNameIndex < sectionHeaderCount else { return nil }
        let names = try sectionContents(sectionHeader(sectionNameIndex))
        for index in 0..<sectionHeaderCount {
            let header = try sectionHeader(index)
            if names.holds(name, at: UInt64(header.load(UInt32.self))) {
                return header
            }
        }
        return nil
    }

    private func sectionHeader(_ index: UInt64) throws(BootError) -> PhysicalMemory {
        try entry(index, of: sectionHeaderOffset, Size.sectionHeader)
    }

    private func sectionContents(_ header: PhysicalMemory) throws(BootError) -> PhysicalMemory {
        try slice(header.load(UInt64.self, at: 24), header.load(UInt64.self, at: 32))
    }

    private func entry(
        _ index: UInt64, of table: UInt64, _ byteCount: UInt64
    ) throws(BootError) -> PhysicalMemory {
        let (offset, overflow) = table.addingReportingOverflow(index * byteCount)
        return try slice(overflow ? ~0 : offset, byteCount)
    }
}

extension PhysicalMemory {
    /// A range of a kernel's file, which this memory holds; one beyond its end is refused.
    @inline(never)
    func sliceOfKernel(_ offset: UInt64, _ byteCount: UInt64) throws(BootError) -> PhysicalMemory {
        let (end, overflow) = offset.addingReportingOverflow(byteCount)
        guard !overflow, end <= self.byteCount else {
            throw BootError(
                .kernel, "a range reaches beyond the file's end", found: offset,
                allowed: self.byteCount)
        }
        return self[offset..<end]
    }
}

/// One entry of the program header table.
struct Segment {
    enum Kind: UInt32 {
        case load = 1
        case dynamic = 2
        case tls = 7
        case relro = 0x6474_E552
    }

    let kind: UInt32
    private let flags: UInt32
    let offset: UInt64
    let address: LinkAddress
    let physicalAddress: UInt64
    let fileByteCount: UInt64
    let byteCount: UInt64
    let alignment: UInt64

    /// Decodes an Elf64_Phdr.
    init(_ header: PhysicalMemory) {
        kind = header.load(UInt32.self)
        flags = header.load(UInt32.self, at: 4)
        offset = header.load(UInt64.self, at: 8)
        address = LinkAddress(header.load(UInt64.self, at: 16))
        physicalAddress = header.load(UInt64.self, at: 24)
        fileByteCount = header.load(UInt64.self, at: 32)
        byteCount = header.load(UInt64.self, at: 40)
        alignment = header.load(UInt64.self, at: 48)
    }

    /// Whether some page holds parts of both; a segment shares pages with itself.
    ///
    /// The answer is arbitrary for addresses that wrap around: such segments are refused elsewhere.
    func sharesPages(with other: Segment) -> Bool {
        byteCount > 0 && address.pageStart.rawValue <= other.lastInPage
            && other.address.pageStart.rawValue <= lastInPage
    }

    /// The last address of the segment's last page.
    private var lastInPage: UInt64 { (address.rawValue &+ byteCount &- 1) | (pageSize - 1) }

    /// The segment's own permissions as page flags.
    var pageFlags: PageFlags {
        var result: PageFlags = [.present]
        if flags & 1 == 0 { result.insert(.noExecute) }
        if flags & 2 != 0 { result.insert(.writable) }
        return result
    }
}
