/// The kernel's memory as the loader sees it: by its virtual addresses, through the new page
/// tables, whatever permissions they give the kernel.
struct ImageMemory {
    let tables: PageTables
    /// What is added to the ELF file's addresses.
    let offset: UInt64

    /// Reads 8 bytes at an address as the ELF file counts.
    @inline(never)
    func load(at address: UInt64) throws(BootError) -> UInt64 {
        let source = address &+ offset
        if source % pageSize <= pageSize - 8 {
            return try physical(source).loadUnaligned(as: UInt64.self)
        }
        var value: UInt64 = 0
        for index in (0..<UInt64(8)).reversed() {
            value = value << 8 | UInt64(try physical(source &+ index).load(as: UInt8.self))
        }
        return value
    }

    /// Writes 8 bytes at an address as the ELF file counts.
    @inline(never)
    func store(_ value: UInt64, at address: UInt64) throws(BootError) {
        let target = address &+ offset
        if target % pageSize <= pageSize - 8 {
            return try physical(target).storeBytes(of: value, as: UInt64.self)
        }
        for index in 0..<UInt64(8) {
            let byte = UInt8(truncatingIfNeeded: value >> (8 * index))
            try physical(target &+ index).storeBytes(of: byte, as: UInt8.self)
        }
    }

    /// Where the kernel's byte at a virtual address lies in memory.
    @inline(never)
    func physical(_ address: UInt64) throws(BootError) -> UnsafeMutableRawPointer {
        guard let page = tables.lookUp(address.pageStart) else {
            throw BootError(.kernel, "address outside its segments", found: address)
        }
        return (page.frame + address % pageSize).pointer
    }
}
