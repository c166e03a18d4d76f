import CLimineMachine

/// The page with the code of entry.S.
extension LimineMachine {
    /// Maps the code at its own address, for the change of page tables.
    func mapEntry<P>(
        in tables: PageTables, _ memory: inout FrameAllocator<P>
    ) throws(BootError) {
        try tables.map(
            VirtualAddress(identityOf: entry.start), to: entry.start, byteCount: pageSize,
            [.writable], &memory, .smallPages)
    }

    /// Stores one of the code's numbers.
    func store(_ value: UInt64, _ offset: Int32) { entry.store(value, at: UInt64(offset)) }

    /// Says where the next processor finds its information and its stack.
    func setNextProcessor(information: VirtualAddress, stackTop: VirtualAddress) {
        store(information.rawValue, LIMINE_ENTRY_AP_INFO)
        store(stackTop.rawValue, LIMINE_ENTRY_AP_STACK)
    }

    /// The number that a processor sets once it waits.
    var flag: PhysicalMemory {
        let offset = UInt64(LIMINE_ENTRY_AP_WAITS)
        return entry[offset..<offset + 8]
    }
}
