/// The kernel's page tables under construction.
struct PageTables {
    /// The table of the highest level, or the first one: see `Architecture.root`.
    let root: PhysicalAddress
    /// 4 or 5.
    let levels: Int

    init(root: PhysicalAddress, levels: Int = 4) {
        self.root = root
        self.levels = levels
    }

    /// The largest pages that a mapping may use, by the level of the tables that map them.
    enum PageSizes: Int {
        /// 4 KiB, so that permissions can be changed page by page.
        case smallPages = 1
        /// 2 MiB.
        case largePages = 2
        /// 1 GiB.
        case hugePages = 3
    }

    /// Maps contiguous pages to contiguous frames.
    @inline(never)
    func map<P>(
        _ virtual: VirtualAddress, to physical: PhysicalAddress, byteCount: UInt64,
        _ flags: PageFlags, _ memory: inout FrameAllocator<P>, _ sizes: PageSizes = .largePages
    ) throws(BootError) {
        var offset: UInt64 = 0
        while offset < byteCount {
            let (page, frame) = (virtual + offset, physical + offset)
            let alignment = page.rawValue | frame.rawValue
            var level = sizes.rawValue
            while alignment % Self.span(level) != 0 || byteCount - offset < Self.span(level),
                level > 1
            {
                level -= 1
            }
            let entry = try entry(for: page, level: level, &memory)
            guard entry.value == 0 else { throw Self.isMapped(page) }
            entry.value = PageEntry.leaf(frame, flags, level: level)
            offset += Self.span(level)
        }
    }

    /// The bytes that one entry of a table maps.
    private static func span(_ level: Int) -> UInt64 { 1 << UInt64(12 + 9 * (level - 1)) }

    @inline(never)
    private static func isMapped(_ page: VirtualAddress) -> BootError {
        BootError(.addressSpace, "page is already mapped", found: page.rawValue)
    }

    /// Changes the permissions of a page, if it is mapped.
    func setFlags(_ flags: PageFlags, ofPage virtual: VirtualAddress) {
        guard let entry = existingEntry(for: virtual) else { return }
        entry.value = PageEntry.leaf(PageEntry.address(of: entry.value), flags, level: 1)
    }

    /// The frame and the flags of a page of 4 KiB; nil if none is mapped.
    func lookUp(_ virtual: VirtualAddress) -> (frame: PhysicalAddress, flags: PageFlags)? {
        guard let entry = existingEntry(for: virtual)?.value else { return nil }
        return (PageEntry.address(of: entry), PageEntry.flags(of: entry))
    }

    /// Makes entry `index` of a root table, from 256 on that of the upper half, lead to that table.
    func mapRecursively(at index: UInt64) throws(BootError) {
        // In the half of the addresses that the index is for.
        let table = Architecture.root(root, of: VirtualAddress(index << 55))
        let entry = Entry(table: table, index)
        guard entry.value == 0 else {
            throw BootError(.kernelConfiguration, "recursive index is in use", count: index)
        }
        entry.value = PageEntry.table(table)
    }

    /// Tables with a fifth level, whose last entry leads to these.
    func inFifthLevel<P>(_ memory: inout FrameAllocator<P>) throws(BootError) -> PageTables {
        let top = try memory.allocateRoot()
        Entry(table: top, 511).value = PageEntry.table(root)
        return PageTables(root: top, levels: 5)
    }

    /// The entry for an address; missing tables above it are added.
    private func entry<P>(
        for virtual: VirtualAddress, level: Int, _ memory: inout FrameAllocator<P>
    ) throws(BootError) -> Entry {
        var current = Entry(table: Architecture.root(root, of: virtual), virtual, level: levels)
        for next in stride(from: levels - 1, through: level, by: -1) {
            if current.value == 0 {
                current.value = PageEntry.table(try memory.allocateZeroedFrame())
            }
            guard !PageEntry.isLarge(current.value) else { throw Self.isMapped(virtual) }
            current = Entry(table: PageEntry.address(of: current.value), virtual, level: next)
        }
        return current
    }

    /// The level-1 entry for an address; nil if there is none, or a large page.
    private func existingEntry(for virtual: VirtualAddress) -> Entry? {
        var current = Entry(table: Architecture.root(root, of: virtual), virtual, level: levels)
        for next in stride(from: levels - 1, through: 1, by: -1) {
            guard current.value != 0, !PageEntry.isLarge(current.value) else { return nil }
            current = Entry(table: PageEntry.address(of: current.value), virtual, level: next)
        }
        return current.value == 0 ? nil : current
    }

    /// One entry of a table, where it is in memory.
    private struct Entry {
        private let address: PhysicalAddress

        init(table: PhysicalAddress, _ index: UInt64) { address = table + 8 * index }

        init(table: PhysicalAddress, _ virtual: VirtualAddress, level: Int) {
            self.init(table: table, virtual.rawValue >> UInt64(12 + 9 * (level - 1)) & 0x1FF)
        }

        var value: UInt64 {
            get { PhysicalMemory(address, byteCount: 8).load(UInt64.self) }
            nonmutating set { PhysicalMemory(address, byteCount: 8).store(newValue) }
        }
    }
}

extension PageFlags {
    /// Memory to read and write.
    static var data: PageFlags { [.writable, .noExecute] }

    /// The flags of a page that two segments share: it allows what either allows.
    func union(permissionsOf other: PageFlags) -> PageFlags {
        let isData = contains(.noExecute) && other.contains(.noExecute)
        return isData ? union(other) : union(other).subtracting(.noExecute)
    }
}
