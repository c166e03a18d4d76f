/// A four-level page table under construction: the kernel's address space.
struct PageTables {
    /// Physical address of the level-4 table.
    let root: UInt64

    /// The largest pages that a mapping may use, where alignment and length allow: the level of
    /// the tables whose entries map them.
    enum PageSizes: Int {
        /// 4 KiB: permissions can be changed page by page.
        case smallPages = 1
        /// 2 MiB.
        case largePages = 2
        /// 1 GiB.
        case hugePages = 3
    }

    /// Maps pages one after the other.
    @inline(never)
    func map<P>(
        _ virtual: UInt64, to physical: UInt64, byteCount: UInt64, _ flags: PageFlags,
        _ memory: inout Memory<P>, _ sizes: PageSizes = .largePages
    ) throws(BootError) {
        var offset: UInt64 = 0
        while offset < byteCount {
            let (page, frame) = (virtual + offset, physical + offset)
            var level = sizes.rawValue
            while (page | frame) % Self.span(level) != 0 || byteCount - offset < Self.span(level),
                level > 1
            {
                level -= 1
            }
            let entry = try entry(for: page, level: level, &memory)
            guard entry.pointee == 0 else {
                throw BootError(.addressSpace, "two mappings of one page", found: page)
            }
            entry.pointee = PageEntry.leaf(frame, flags, level: level)
            offset += Self.span(level)
        }
    }

    /// What one entry of a table maps, in bytes.
    private static func span(_ level: Int) -> UInt64 { 1 << UInt64(12 + 9 * (level - 1)) }

    /// Changes the permissions of a page that is mapped.
    func setFlags(_ flags: PageFlags, ofPage virtual: UInt64) {
        guard let entry = existingEntry(for: virtual) else { return }
        entry.pointee = PageEntry.leaf(PageEntry.address(of: entry.pointee), flags, level: 1)
    }

    /// The frame and the flags of a page of 4 KiB, nil where none is mapped.
    func lookUp(_ virtual: UInt64) -> (frame: UInt64, flags: PageFlags)? {
        guard let entry = existingEntry(for: virtual) else { return nil }
        return (PageEntry.address(of: entry.pointee), PageEntry.flags(of: entry.pointee))
    }

    /// Lets the level-4 table map itself at `index`.
    func mapRecursively(at index: Int) throws(BootError) {
        let entry = table(root) + index
        guard entry.pointee == 0 else {
            throw BootError(.configuration, "recursive index in use", found: UInt64(index))
        }
        entry.pointee = PageEntry.table(root)
    }

    private func entry<P>(
        for virtual: UInt64, level: Int, _ memory: inout Memory<P>
    ) throws(BootError) -> UnsafeMutablePointer<UInt64> {
        var current = table(root) + index(of: virtual, level: 4)
        for next in stride(from: 3, through: level, by: -1) {
            if current.pointee == 0 {
                current.pointee = PageEntry.table(try memory.allocateZeroedFrame())
            }
            guard !PageEntry.isLarge(current.pointee) else {
                throw BootError(.addressSpace, "two mappings of one page", found: virtual)
            }
            current =
                table(PageEntry.address(of: current.pointee))
                + index(of: virtual, level: next)
        }
        return current
    }

    /// The level-1 entry for an address, nil where there is none or a large page.
    private func existingEntry(for virtual: UInt64) -> UnsafeMutablePointer<UInt64>? {
        var current = table(root) + index(of: virtual, level: 4)
        for next in stride(from: 3, through: 1, by: -1) {
            guard current.pointee != 0, !PageEntry.isLarge(current.pointee) else { return nil }
            current =
                table(PageEntry.address(of: current.pointee))
                + index(of: virtual, level: next)
        }
        return current.pointee == 0 ? nil : current
    }

    private func index(of virtual: UInt64, level: Int) -> Int {
        Int(virtual >> UInt64(12 + 9 * (level - 1)) & 0x1FF)
    }

    private func table(_ frame: UInt64) -> UnsafeMutablePointer<UInt64> {
        frame.pointer.assumingMemoryBound(to: UInt64.self)
    }
}
