import CMachine

/// The parts of the loader's core that depend on the processor.
enum Architecture {
    /// EM_AARCH64 (gABI 4.1, e_machine).
    static let machine: UInt64 = 183
    /// The message for a kernel of another architecture.
    static let refusal: Text = "not for AArch64"
    /// The name of the kernel's file in an image.
    static let kernelName: Text = "kernel-aarch64"

    /// The relocation types of a kernel without libraries (ELF for the Arm 64-bit architecture,
    /// 2023Q3, section 5.7).
    enum RelocationType: UInt32 {
        case none = 0
        case symbol = 257
        case globalData = 1025
        case jumpSlot = 1026
        case relative = 1027
    }

    /// The exception level at which the firmware runs the loader.
    static var exceptionLevel: UInt32 { UInt32(truncatingIfNeeded: exception_level()) }

    /// The memory that a kernel gets at its own address: the serial port, so that it can print from
    /// its first instruction on.
    static func identityMapping(isPlain: Bool, prefersText: Bool) -> Range<PhysicalAddress>? {
        guard SerialPort.isKnown else { return nil }
        let start = PhysicalAddress(SerialPort.device.address).pageStart
        return start..<start + pageSize
    }

    /// The tables of the highest level: for TTBR0, and behind it for TTBR1.
    static var rootFrames: PageCount { PageCount(2) }

    /// The table of the highest level for an address.
    static func root(_ first: PhysicalAddress, of address: VirtualAddress) -> PhysicalAddress {
        first + (address.rawValue >> 63) * pageSize
    }

    /// The end of the lower half of the address space, and the start of the upper one.
    static let lowerHalfEnd = VirtualAddress(0x0001_0000_0000_0000)
    static let upperHalfStart = VirtualAddress(0xFFFF_0000_0000_0000)

    /// The largest pages that the processor has.
    static var largestPages: PageTables.PageSizes { .hugePages }

    /// Writes data back from the caches, so that it can be read or executed with any settings.
    static func makeExecutable(_ memory: Range<PhysicalAddress>) {
        clean_caches(memory.lowerBound.rawValue, memory.upperBound.rawValue)
    }

    /// Ends QEMU by semihosting, with the exit status that `isa-debug-exit` gives on x86-64.
    static func debugExit(_ code: UInt8) { semihosting_exit(UInt64(code) << 1 | 1) }

    /// Does nothing: the kernel's tables do not depend on the firmware's.
    static func checkPaging() throws(BootError) {}
}

extension AddressSpace {
    /// Maps all physical addresses up to `end`, a multiple of 1 GiB, starting at `address`: RAM as
    /// memory, everything else as devices.
    mutating func mapAllMemory(
        at address: VirtualAddress, upTo end: PhysicalAddress, _ flags: PageFlags
    ) throws(BootError) {
        let block: UInt64 = 2 << 20
        var memoryBlocks = RangeList<PhysicalAddress>(storage: try memory.allocateZeroedFrame())
        var failure: BootError?
        try memory.platform.forEachMemory { range in
            do throws(BootError) {
                try memoryBlocks.insertMissing(
                    range.lowerBound.roundedDown(to: block)..<range.upperBound.roundedUp(to: block))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        var start = PhysicalAddress(0)
        while start < end {
            let here = memoryBlocks.firstOverlap(with: start..<start + block)
            let next = min(here?.upperBound ?? memoryBlocks.firstStart(after: start) ?? end, end)
            try tables.map(
                address + start.rawValue, to: start, byteCount: next - start,
                here == nil ? flags.union(.device) : flags, &memory, .hugePages)
            start = next
        }
    }
}

extension RangeList {
    /// Adds the parts of a range that are not in the list yet.
    fileprivate mutating func insertMissing(_ range: Range<Bound>) throws(BootError) {
        var start = range.lowerBound
        while start < range.upperBound {
            if let known = firstOverlap(with: start..<start + 1) {
                start = known.upperBound
                continue
            }
            let end = min(firstStart(after: start) ?? range.upperBound, range.upperBound)
            try insert(start..<end)
            start = end
        }
    }

    /// The lowest start of a range above an address.
    fileprivate func firstStart(after address: Bound) -> Bound? {
        var first: Bound?
        for index in 0..<count where self[index].lowerBound > address {
            first = min(first ?? self[index].lowerBound, self[index].lowerBound)
        }
        return first
    }
}

extension Exceptions {
    /// The purpose of the page for ``takeOver(page:)``.
    static var pageUse: MemoryUse { .code }

    /// Handles synchronous exceptions, with a table of branches in the page at `page`.
    static func takeOver(page: PhysicalAddress) { install_exception_handlers(page.rawValue) }
}
