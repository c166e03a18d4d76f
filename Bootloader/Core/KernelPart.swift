/// A part of a kernel's file, with zeros behind it, for a kernel that is placed in physical memory.
struct KernelPart {
    let contents: PhysicalMemory
    /// A physical address, before the kernel is moved.
    let target: UInt64
    /// With the zeros.
    let byteCount: UInt64
}

extension KernelPart {
    /// A segment's bytes; one with fewer bytes in memory than in the file is refused.
    init(
        _ file: PhysicalMemory, offset: UInt64, fileByteCount: UInt64, target: UInt64,
        byteCount: UInt64
    ) throws(BootError) {
        guard fileByteCount <= byteCount else {
            throw BootError(
                .kernel, "segment has more bytes in the file than in memory",
                count: fileByteCount, allowed: byteCount)
        }
        self.init(
            contents: try file.sliceOfKernel(offset, fileByteCount), target: target,
            byteCount: byteCount)
    }
}

/// The memory from the first part's start to the last one's end.
struct PartRange {
    private let limit: UInt64
    private let rule: Text
    private var start = ~UInt64(0)
    private var end: UInt64 = 0

    /// No part may end above `limit`: that breaks `rule`.
    init(below limit: UInt64, orElse rule: Text) {
        (self.limit, self.rule) = (limit, rule)
    }

    mutating func add(_ part: KernelPart) throws(BootError) {
        let (partEnd, overflow) = part.target.addingReportingOverflow(part.byteCount)
        guard !overflow, partEnd <= limit else {
            throw BootError(.kernel, rule, found: part.target)
        }
        start = min(start, part.target)
        end = max(end, partEnd)
    }

    /// The range of all parts; a kernel without any is refused.
    var addresses: Range<PhysicalAddress> {
        get throws(BootError) {
            guard start < end else { throw BootError(.kernel, "nothing to load") }
            return PhysicalAddress(start)..<PhysicalAddress(end)
        }
    }
}
