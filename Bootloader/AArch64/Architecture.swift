import CMachine

/// What differs between processors in the loader's core.
enum Architecture {
    /// ELF's number for it (gABI 4.1, e_machine): EM_AARCH64.
    static let machine: UInt64 = 183
    /// What messages say of a kernel for another one.
    static let refusal: StaticString = "not for AArch64"
    /// The kernel's file in an image.
    static let kernelName: StaticString = "kernel-aarch64"

    /// The types of relocation that a kernel without libraries can have (ELF for the Arm 64-bit
    /// architecture, 2023Q3, section 5.7).
    enum RelocationType: UInt32 {
        case none = 0
        case symbol = 257
        case globalData = 1025
        case jumpSlot = 1026
        case relative = 1027
    }

    /// The exception level that firmware runs the loader at.
    static var exceptionLevel: UInt32 { UInt32(truncatingIfNeeded: exception_level()) }

    /// What a kernel can reach at its own address: the serial port, so that it can print from its
    /// first instruction on.
    static func identityMapping(isPlain: Bool, prefersText: Bool) -> Range<UInt64>? {
        guard SerialPort.isKnown else { return nil }
        let start = SerialPort.device.address.pageStart
        return start..<start + pageSize
    }

    /// Has data and instructions fetched from memory as they were written.
    static func makeExecutable(_ memory: Range<UInt64>) {
        clean_caches(memory.lowerBound, memory.upperBound)
    }

    /// Ends QEMU by semihosting, with the status that `isa-debug-exit` gives on x86-64.
    static func debugExit(_ code: UInt8) { semihosting_exit(UInt64(code) << 1 | 1) }

    /// The loader's own tables are what a kernel gets: there is nothing to check.
    static func checkPaging() throws(BootError) {}
}

extension AddressSpace {
    /// Maps all physical addresses up to `end`, a multiple of 1 GiB, from `address` on: what is
    /// memory as memory, and all else as devices.
    mutating func mapAllMemory(
        at address: UInt64, upTo end: UInt64, _ flags: PageFlags
    ) throws(BootError) {
        let block: UInt64 = 2 << 20
        var memoryBlocks = RangeList(storage: try memory.allocateZeroedFrame())
        var failure: BootError?
        try memory.platform.forEachMemory { range in
            do throws(BootError) {
                try memoryBlocks.insertMissing(
                    range.lowerBound & ~(block - 1)..<(range.upperBound + block - 1) & ~(block - 1))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        var start: UInt64 = 0
        while start < end {
            let here = memoryBlocks.firstOverlap(with: start..<start + block)
            var next = min(here?.upperBound ?? end, end)
            if here == nil {
                for index in 0..<memoryBlocks.count where memoryBlocks[index].lowerBound > start {
                    next = min(next, memoryBlocks[index].lowerBound)
                }
            }
            try tables.map(
                address + start, to: start, byteCount: next - start,
                here == nil ? flags.union(.device) : flags, &memory, .hugePages)
            start = next
        }
    }
}

extension RangeList {
    /// Adds what the list does not have yet of a range.
    fileprivate mutating func insertMissing(_ range: Range<UInt64>) throws(BootError) {
        var start = range.lowerBound
        while start < range.upperBound {
            if let known = firstOverlap(with: start..<start + 1) {
                start = known.upperBound
                continue
            }
            var end = range.upperBound
            for index in 0..<count where self[index].lowerBound > start {
                end = min(end, self[index].lowerBound)
            }
            try insert(start..<end)
            start = end
        }
    }
}
