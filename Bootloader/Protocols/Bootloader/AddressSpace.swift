/// The kernel's address space under construction: its page tables, the addresses in use, and the
/// memory behind them.
struct AddressSpace<Platform: Firmware> {
    let tables: PageTables
    var addresses: VirtualSpace
    var memory: FrameAllocator<Platform>

    init(
        _ configuration: KernelConfiguration, memory: consuming FrameAllocator<Platform>
    ) throws(BootError) {
        self.memory = memory
        tables = PageTables(root: try self.memory.allocateRoot())
        addresses = try VirtualSpace(
            configuration, storage: self.memory.allocateZeroedFrame(),
            avoidedStorage: self.memory.allocateZeroedFrame())
    }

    /// Maps frames where the configuration asks for, and returns their virtual address.
    @inline(never)
    mutating func map(
        _ frames: PhysicalAddress, byteCount: UInt64, at mapping: Mapping, _ flags: PageFlags,
        alignment: UInt64 = pageSize
    ) throws(BootError) -> VirtualAddress {
        let address = try addresses.take(mapping, byteCount: byteCount, alignment: alignment)
        try tables.map(address, to: frames, byteCount: byteCount, flags, &memory)
        return address
    }

    /// Maps fresh frames, whose contents are undefined.
    @inline(never)
    mutating func mapFresh(
        byteCount: UInt64, at mapping: Mapping, _ flags: PageFlags
    ) throws(BootError) -> (memory: PhysicalMemory, address: VirtualAddress) {
        let frames = try memory.allocate(byteCount: byteCount)
        return (frames, try map(frames.start, byteCount: byteCount, at: mapping, flags))
    }

    /// Maps the pages of a physical range at their own addresses, except those already mapped.
    mutating func mapIdentity(
        _ range: Range<PhysicalAddress>, _ flags: PageFlags
    ) throws(BootError) {
        var frame = range.lowerBound
        while frame < range.upperBound {
            let page = VirtualAddress(identityOf: frame)
            if tables.lookUp(page) == nil {
                try tables.map(page, to: frame, byteCount: pageSize, flags, &memory)
            }
            frame = frame + pageSize
        }
    }
}

extension VirtualAddress {
    /// The same number as a physical address.
    init(identityOf address: PhysicalAddress) { self.init(address.rawValue) }
}
