/// A broken rule on the program headers (gABI, "Program Header" and "Program Loading").
public enum SegmentViolation: Equatable, Sendable {
    /// No `PT_LOAD` has any memory.
    case nothingToLoad
    /// A note at this offset of the file says that it is a program for Linux.
    case linuxProgram(noteOffset: UInt64)
    /// The bytes extend past the end of the file, or their end does not fit in 64 bits.
    case outsideFile(SegmentID, offset: UInt64, byteCount: UInt64, fileByteCount: UInt64)
    /// `p_filesz` > `p_memsz`.
    case fileLargerThanMemory(SegmentID, fileByteCount: UInt64, memoryByteCount: UInt64)
    /// `p_vaddr + p_memsz` is 2⁶⁴ or more.
    case addressOverflow(SegmentID, address: UInt64, memoryByteCount: UInt64)
    /// Some address in the range is not canonical, so four levels of page tables cannot map it.
    case notCanonical(SegmentID, Range<UInt64>, Architecture)
    /// `p_align` is neither 0 nor a power of two.
    case alignment(SegmentID, UInt64)
    /// `p_align` of a position-independent kernel is more than the loader supports.
    case alignmentTooLarge(SegmentID, UInt64, limit: UInt64)
    /// `p_vaddr` and `p_offset` differ modulo `p_align`.
    case misaligned(SegmentID, address: UInt64, offset: UInt64, alignment: UInt64)
    /// Two segments overlap in memory; the second one starts at this address.
    case overlap(SegmentID, SegmentID, address: UInt64)
    /// A position-independent kernel spans more addresses than the loader supports.
    case span(byteCount: UInt64, limit: UInt64)
    /// More `PT_LOAD` with memory than the loader supports.
    case tooMany(count: Int, limit: Int)
    /// All `PT_LOAD` together need more memory than any machine has for a kernel.
    case tooMuchMemory(byteCount: UInt64, limit: UInt64)
    /// `e_entry` is in no executable segment.
    case entryNotExecutable(UInt64)
    /// `e_entry` is the physical address of a byte in that executable segment, whose virtual
    /// address is given.
    case entryPhysical(UInt64, SegmentID, virtualAddress: UInt64)
    /// `e_entry` is in an executable segment, but past its bytes in the file.
    case entryInZeroes(UInt64)
    /// A second program header of a type that may occur once.
    case duplicate(SegmentID)
    /// The addresses are not within a `PT_LOAD`.
    case notLoaded(SegmentID, Range<UInt64>)
}
