package import ELFKit

/// Why QEMU cannot start a file by `-kernel`.
package enum DirectFault: Error, Equatable, Sendable {
    case empty
    /// The ELF headers are broken: what ELFKit says.
    case badHeaders(String)
    /// `e_machine` is neither x86 nor AArch64.
    case machine(UInt16)
    /// QEMU starts 32-bit ELF files by Multiboot only.
    case multibootIn64Bits
    /// An ELF file for x86 without Multiboot header and PVH note; what it asks for instead.
    case noEntryForQEMU(found: [String])
    /// The addresses of the Multiboot header contradict each other.
    case badAddresses
    /// Linux's header names more sectors of set-up code than the file has.
    case badSetup(sectorCount: Int, fileByteCount: UInt64)
    /// No segment has memory.
    case noSegments
    /// A segment extends past the file's end, its memory past the end of all addresses, or it has
    /// more bytes in the file than in memory.
    case badSegment(SegmentID)
    /// Two segments occupy the same memory.
    case overlap(SegmentID, SegmentID)
    /// No segment has the first instruction.
    case entryOutside(UInt64)
}
