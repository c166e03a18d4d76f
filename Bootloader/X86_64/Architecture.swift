import CMachine

/// The parts of the loader's core that depend on the processor.
enum Architecture {
    /// EM_X86_64 (gABI 4.1, e_machine).
    static let machine: UInt64 = 62
    /// The message for a kernel of another architecture.
    static let refusal: Text = "not for x86-64"
    /// The name of the kernel's file in an image.
    static let kernelName: Text = "kernel-x86_64"

    /// The relocation types of a kernel without libraries (psABI for AMD64 1.0, section 4.4).
    enum RelocationType: UInt32 {
        case none = 0
        case symbol = 1
        case globalData = 6
        case jumpSlot = 7
        case relative = 8
    }

    /// x86-64 has no exception levels.
    static let exceptionLevel: UInt32 = 0

    /// The memory that a kernel gets at its own address: the first MiB for a plain kernel, and the
    /// text screen's memory for one that wants text mode.
    static func identityMapping(isPlain: Bool, prefersText: Bool) -> Range<PhysicalAddress>? {
        if isPlain { return PhysicalAddress(0)..<PhysicalAddress(1 << 20) }
        return prefersText ? PhysicalAddress(0xB8000)..<PhysicalAddress(0xC0000) : nil
    }

    /// One table of the highest level has both halves of the address space.
    static var rootFrames: PageCount { PageCount(1) }

    /// The table of the highest level for an address.
    static func root(_ first: PhysicalAddress, of address: VirtualAddress) -> PhysicalAddress {
        first
    }

    /// The end of the lower half of the address space, and the start of the upper one.
    static let lowerHalfEnd = VirtualAddress(0x0000_8000_0000_0000)
    static let upperHalfStart = VirtualAddress(0xFFFF_8000_0000_0000)

    /// The largest pages that the processor has (CPUID 80000001h, EDX bit 26).
    static var largestPages: PageTables.PageSizes {
        cpuid(0x8000_0001).edx & 1 << 26 != 0 ? .hugePages : .largePages
    }

    /// Does nothing: the hardware keeps the caches coherent.
    static func makeExecutable(_ memory: Range<PhysicalAddress>) {}

    /// Ends QEMU through its `isa-debug-exit` device, if there is one.
    static func debugExit(_ code: UInt8) { port_write(0xF4, code) }

    /// Refuses five-level paging, which firmware may have enabled: the kernel gets four levels.
    static func checkPaging() throws(BootError) {
        let fiveLevelPaging: UInt64 = 1 << 12
        guard read_cr4() & fiveLevelPaging == 0 else {
            throw BootError(.firmware, "five-level paging is not supported")
        }
    }
}

extension AddressSpace {
    /// Maps all physical addresses up to `end`, at least 4 GiB, starting at `address`.
    mutating func mapAllMemory(
        at address: VirtualAddress, upTo end: PhysicalAddress, _ flags: PageFlags
    ) throws(BootError) {
        // Memory and devices alternate below 4 GiB, and one page should not contain both.
        let border = PhysicalAddress(4 << 30)
        try tables.map(address, to: PhysicalAddress(0), byteCount: border.rawValue, flags, &memory)
        try tables.map(
            address + border.rawValue, to: border, byteCount: end - border, flags, &memory,
            Architecture.largestPages)
    }
}

extension Exceptions {
    /// The purpose of the page for ``takeOver(page:)``.
    static var pageUse: MemoryUse { .data }

    private static let leastByteCount: UInt64 = 32 * 16

    /// Handles exceptions, with a copy of the firmware's table in the page at `page`.
    static func takeOver(page: PhysicalAddress) {
        let current = read_idt()
        let byteCount = min(UInt64(current.limit) + 1, pageSize)
        if current.address != 0, byteCount > 1 {
            PhysicalMemory(page, PageCount(1)).copy(
                from: PhysicalMemory(PhysicalAddress(current.address), byteCount: byteCount))
        }
        install_exception_handlers(page.rawValue, UInt16(max(byteCount, leastByteCount)))
    }
}
