/// The kernel's address space under construction: its page tables, which addresses are taken,
/// and the memory behind it.
struct AddressSpace<Platform: Firmware> {
    let tables: PageTables
    var addresses: VirtualSpace
    var memory: Memory<Platform>

    init(
        _ configuration: BootConfiguration, memory: consuming Memory<Platform>
    ) throws(BootError) {
        self.memory = memory
        tables = PageTables(root: try self.memory.allocateZeroedFrame())
        addresses = try VirtualSpace(
            configuration, storage: self.memory.allocateZeroedFrame(),
            avoidedStorage: self.memory.allocateZeroedFrame())
    }

    /// Maps frames where the configuration asks and returns their virtual address.
    @inline(never)
    mutating func map(
        _ frames: UInt64, byteCount: UInt64, at mapping: Mapping, _ flags: PageFlags,
        alignment: UInt64 = pageSize
    ) throws(BootError) -> UInt64 {
        let address = try addresses.take(mapping, byteCount: byteCount, alignment: alignment)
        try tables.map(address, to: frames, byteCount: byteCount, flags, &memory)
        return address
    }

    /// Maps fresh frames, contents undefined, and returns physical and virtual address.
    @inline(never)
    mutating func mapFresh(
        byteCount: UInt64, at mapping: Mapping, _ flags: PageFlags
    ) throws(BootError) -> (frames: UInt64, address: UInt64) {
        let frames = try memory.allocate(byteCount: byteCount)
        return (frames, try map(frames, byteCount: byteCount, at: mapping, flags))
    }

    /// Maps those pages of a physical range at their own address that are not mapped yet.
    mutating func mapIdentity(
        _ range: Range<UInt64>, _ flags: PageFlags
    ) throws(BootError) {
        for page in stride(from: range.lowerBound, to: range.upperBound, by: Int(pageSize))
        where tables.lookUp(page) == nil {
            try tables.map(page, to: page, byteCount: pageSize, flags, &memory)
        }
    }
}
