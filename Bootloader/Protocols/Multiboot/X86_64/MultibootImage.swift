/// Which parts of a kernel's file go where in physical memory.
struct MultibootImage {
    private static var end: UInt64 { 1 << 32 }

    private let file: PhysicalMemory
    private let elf: MultibootELF?
    private let addresses: MultibootHeader.Addresses?
    private let headerOffset: UInt64
    /// The memory of all parts.
    private(set) var range = PhysicalAddress(0)..<PhysicalAddress(0)
    /// The entry point for 32-bit mode, and for 64-bit UEFI.
    private(set) var entry: UInt64 = 0

    /// Checks the kernel's parts and its entry point.
    init(_ file: PhysicalMemory, _ header: MultibootHeader, isForEFI: Bool) throws(BootError) {
        self.file = file
        addresses = header.addresses
        headerOffset = header.offset
        elf = addresses == nil ? try MultibootELF(file) : nil
        var parts = PartRange(
            below: Self.end, orElse: "segment's physical address is not below 4 GiB")
        try forEachPart { part throws(BootError) in try parts.add(part) }
        range = try parts.addresses
        if isForEFI, let efiEntry = header.efiEntry {
            entry = UInt64(efiEntry)
        } else if let headerEntry = header.entry {
            entry = UInt64(headerEntry)
        } else if let elf {
            entry = try elf.physicalEntry()
        } else {
            throw BootError(.kernel, "Multiboot header has addresses, but no entry point")
        }
        guard range.contains(PhysicalAddress(entry)) else {
            throw BootError(.kernel, "entry point is outside the kernel", found: entry)
        }
    }

    /// Calls `body` with each part.
    @inline(never)
    func forEachPart(_ body: (KernelPart) throws(BootError) -> Void) throws(BootError) {
        if let elf {
            try elf.forEachSegment { segment throws(BootError) in
                guard segment.byteCount > 0 else { return }
                try body(
                    KernelPart(
                        file, offset: segment.offset, fileByteCount: segment.fileByteCount,
                        target: segment.physicalAddress, byteCount: segment.byteCount))
            }
        } else if let addresses {
            try body(try part(addresses))
        }
    }

    /// The one part of a kernel with addresses in its header.
    private func part(_ addresses: MultibootHeader.Addresses) throws(BootError) -> KernelPart {
        let isWholeFile = addresses.load == ~0
        let header = UInt64(addresses.header)
        let target = isWholeFile ? header &- headerOffset : UInt64(addresses.load)
        let offset = headerOffset &- (header &- target)
        let loadEnd = UInt64(addresses.loadEnd)
        let count =
            loadEnd == 0 ? file.byteCount &- min(offset, file.byteCount) : loadEnd &- target
        guard target <= header, offset <= file.byteCount, count <= file.byteCount - offset else {
            throw BootError(
                .kernel, "addresses of the Multiboot header do not fit the file", found: target)
        }
        let end = max(UInt64(addresses.bssEnd), target + count)
        return KernelPart(
            contents: file[offset..<offset + count], target: target, byteCount: end - target)
    }

    /// The kernel's ELF section headers; nil if it has none.
    func sectionHeaders() throws(BootError) -> MultibootELF.Sections? { try elf?.sectionHeaders() }
}

/// An ELF file for 32 or 64 bits (gABI 4.1), read for its physical addresses.
struct MultibootELF {
    struct Segment {
        var offset: UInt64
        var virtualAddress: UInt64
        var physicalAddress: UInt64
        var fileByteCount: UInt64
        var byteCount: UInt64
    }

    /// The table of section headers, as it is in the file.
    struct Sections {
        var headers: PhysicalMemory
        var count: UInt32
        var entryByteCount: UInt32
        var nameIndex: UInt32
        var is64Bit: Bool
    }

    private let file: PhysicalMemory
    private let is64Bit: Bool

    init(_ file: PhysicalMemory) throws(BootError) {
        self.file = file
        guard file.byteCount >= 64 else {
            throw BootError(
                .kernel, "shorter than an ELF header", count: file.byteCount, allowed: 64)
        }
        try BootError.require(
            .kernel, "not an ELF file", UInt64(file.word(at: 0)), is: 0x464C_457F)
        is64Bit = file[4] == 2
        let machine = file.load(UInt16.self, at: 18)
        guard file[5] == 1, is64Bit ? machine == 62 : file[4] == 1 && machine == 3 else {
            throw BootError(
                .kernel, "neither for x86-64 nor for i386; e_machine", count: UInt64(machine))
        }
    }

    /// A field of the file header or of a table's entry, 4 bytes or 8.
    private func number(_ memory: PhysicalMemory, _ offset32: UInt64, _ offset64: UInt64) -> UInt64
    {
        is64Bit
            ? memory.load(UInt64.self, at: offset64)
            : UInt64(memory.load(UInt32.self, at: offset32))
    }

    /// A range of the file; one beyond its end is refused.
    func slice(_ offset: UInt64, _ byteCount: UInt64) throws(BootError) -> PhysicalMemory {
        try file.sliceOfKernel(offset, byteCount)
    }

    /// Calls `body` with each PT_LOAD.
    func forEachSegment(_ body: (Segment) throws(BootError) -> Void) throws(BootError) {
        let table = number(file, 28, 32)
        let byteCount = UInt64(file.load(UInt16.self, at: is64Bit ? 54 : 42))
        try BootError.require(
            .kernel, "wrong program header size", byteCount, is: is64Bit ? 56 : 32)
        for index in 0..<UInt64(file.load(UInt16.self, at: is64Bit ? 56 : 44)) {
            let header = try slice(table &+ index * byteCount, byteCount)
            guard header.word(at: 0) == 1 else { continue }
            try body(
                Segment(
                    offset: number(header, 4, 8), virtualAddress: number(header, 8, 16),
                    physicalAddress: number(header, 12, 24),
                    fileByteCount: number(header, 16, 32), byteCount: number(header, 20, 40)))
        }
    }

    /// The entry point, translated by the segment that contains it.
    func physicalEntry() throws(BootError) -> UInt64 {
        let entry = number(file, 24, 24)
        var found: UInt64?
        try forEachSegment { segment throws(BootError) in
            let offset = entry &- segment.virtualAddress
            if found == nil, entry >= segment.virtualAddress, offset < segment.byteCount {
                found = segment.physicalAddress &+ offset
            }
        }
        guard let found else {
            throw BootError(.kernel, "entry point is outside the kernel", found: entry)
        }
        return found
    }

    /// Nil if the file has no sections.
    func sectionHeaders() throws(BootError) -> Sections? {
        let count = file.load(UInt16.self, at: is64Bit ? 60 : 48)
        let byteCount = file.load(UInt16.self, at: is64Bit ? 58 : 46)
        guard count > 0, byteCount == (is64Bit ? 64 : 40) else { return nil }
        return Sections(
            headers: try slice(number(file, 32, 40), UInt64(count) * UInt64(byteCount)),
            count: UInt32(count), entryByteCount: UInt32(byteCount),
            nameIndex: UInt32(file.load(UInt16.self, at: is64Bit ? 62 : 50)), is64Bit: is64Bit)
    }
}
