import CMachine

/// What differs between processors in the loader's core.
enum Architecture {
    /// ELF's number for it (gABI 4.1, e_machine): EM_X86_64.
    static let machine: UInt64 = 62
    /// What messages say of a kernel for another one.
    static let refusal: StaticString = "not for x86-64"
    /// The kernel's file in an image.
    static let kernelName: StaticString = "kernel-x86_64"

    /// The types of relocation that a kernel without libraries can have (psABI for AMD64 1.0,
    /// section 4.4).
    enum RelocationType: UInt32 {
        case none = 0
        case symbol = 1
        case globalData = 6
        case jumpSlot = 7
        case relative = 8
    }

    /// There are no levels of that kind.
    static let exceptionLevel: UInt32 = 0

    /// What a kernel can reach at its own address: the first MiB if it asks for nothing, and the
    /// characters of a text screen if it asks for one.
    static func identityMapping(isPlain: Bool, prefersText: Bool) -> Range<UInt64>? {
        if isPlain { return 0..<1 << 20 }
        return prefersText ? 0xB8000..<0xC0000 : nil
    }

    /// Nothing: the processor's caches agree by themselves.
    static func makeExecutable(_ memory: Range<UInt64>) {}

    /// Ends QEMU through its `isa-debug-exit`, if it has one.
    static func debugExit(_ code: UInt8) { port_write(0xF4, code) }

    /// Refuses a machine whose page tables are not those that a kernel expects.
    static func checkPaging() throws(BootError) {
        let fiveLevelPaging: UInt64 = 1 << 12
        guard read_cr4() & fiveLevelPaging == 0 else {
            throw BootError(.firmware, "uses five-level page tables, the kernel's have four")
        }
    }
}

extension AddressSpace {
    /// Maps all physical addresses up to `end`, which is 4 GiB at least, from `address` on.
    mutating func mapAllMemory(
        at address: UInt64, upTo end: UInt64, _ flags: PageFlags
    ) throws(BootError) {
        // Below 4 GiB memory and devices lie side by side, and one page should not have both.
        let border: UInt64 = 4 << 30
        try tables.map(address, to: 0, byteCount: border, flags, &memory)
        try tables.map(
            address + border, to: border, byteCount: end - border, flags, &memory,
            has_huge_pages() != 0 ? .hugePages : .largePages)
    }
}
