/// The kernel's memory by the addresses of its ELF file, whatever access its pages allow.
struct ImageMemory {
    let tables: PageTables
    /// What the loader adds to the file's addresses, modulo 2⁶⁴.
    let slide: UInt64

    /// Where the kernel will find what the file has at `address`.
    func virtual(_ address: LinkAddress) -> VirtualAddress {
        VirtualAddress(address.rawValue &+ slide)
    }

    /// Reads 8 bytes.
    @inline(never)
    func load(at address: LinkAddress) throws(BootError) -> UInt64 {
        let source = virtual(address)
        if source.offsetInPage <= pageSize - 8 {
            return try restOfPage(source).load(UInt64.self)
        }
        var value: UInt64 = 0
        for index in (0..<UInt64(8)).reversed() {
            value = value << 8 | UInt64(try restOfPage(source &+ index)[0])
        }
        return value
    }

    /// Writes 8 bytes.
    @inline(never)
    func store(_ value: UInt64, at address: LinkAddress) throws(BootError) {
        let target = virtual(address)
        if target.offsetInPage <= pageSize - 8 { return try restOfPage(target).store(value) }
        for index in 0..<UInt64(8) {
            try restOfPage(target &+ index).store(UInt8(truncatingIfNeeded: value >> (8 * index)))
        }
    }

    /// The memory from a virtual address to the end of its page.
    @inline(never)
    func restOfPage(_ address: VirtualAddress) throws(BootError) -> PhysicalMemory {
        guard let page = tables.lookUp(address.pageStart) else {
            throw BootError(.kernel, "address outside its segments", found: address.rawValue)
        }
        return PhysicalMemory(
            page.frame + address.offsetInPage, byteCount: pageSize - address.offsetInPage)
    }
}
