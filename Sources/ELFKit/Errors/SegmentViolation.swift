/// The program header types that the loader knows (gABI, "Program Header"; `PT_GNU_*` of GNU).
public enum SegmentType: UInt32, Sendable {
    /// `PT_LOAD`: bytes to be loaded.
    case load = 1
    /// `PT_DYNAMIC`: the dynamic section.
    case dynamic = 2
    /// `PT_INTERP`: the name of a dynamic linker.
    case interpreter = 3
    /// `PT_TLS`: the template of thread-local storage.
    case threadLocal = 7
    /// `PT_GNU_RELRO`: read-only after relocation.
    case relro = 0x6474_e552

    /// The name in the specification.
    public var elfName: String {
        switch self {
        case .load: "PT_LOAD"
        case .dynamic: "PT_DYNAMIC"
        case .interpreter: "PT_INTERP"
        case .threadLocal: "PT_TLS"
        case .relro: "PT_GNU_RELRO"
        }
    }
}

/// Which program header is meant.
public struct SegmentID: Equatable, Sendable, CustomStringConvertible {
    /// The type of the program header.
    public let type: SegmentType
    /// The position in the program header table, from 0, as `readelf -l` counts.
    public let index: Int

    /// Names the program header of that type at that position.
    public init(_ type: SegmentType, _ index: Int) {
        self.type = type
        self.index = index
    }

    /// Such as "segment 3 (PT_LOAD)".
    public var description: String { "segment \(index) (\(type.elfName))" }
}

/// A broken rule of the program headers (gABI, "Program Header" and "Program Loading").
public enum SegmentViolation: Equatable, Sendable {
    /// No `PT_LOAD` has any memory.
    case nothingToLoad
    /// The bytes reach past the end of the file, or their end cannot be counted in 64 bits.
    case outsideFile(SegmentID, offset: UInt64, byteCount: UInt64, fileByteCount: UInt64)
    /// `p_filesz` > `p_memsz`.
    case fileLargerThanMemory(SegmentID, fileByteCount: UInt64, memoryByteCount: UInt64)
    /// `p_vaddr + p_memsz` is 2⁶⁴ or more.
    case addressOverflow(SegmentID, address: UInt64, memoryByteCount: UInt64)
    /// Some address of the range is not canonical, so no page table of four levels maps it.
    case notCanonical(SegmentID, Range<UInt64>)
    /// `p_align` is neither 0 nor a power of two.
    case alignment(SegmentID, UInt64)
    /// `p_align` of a position-independent kernel is more than the loader can honour.
    case alignmentTooLarge(SegmentID, UInt64, limit: UInt64)
    /// `p_vaddr` and `p_offset` differ modulo `p_align`.
    case misaligned(SegmentID, address: UInt64, offset: UInt64, alignment: UInt64)
    /// Two segments want the same bytes of memory; the second one begins at this address.
    case overlap(SegmentID, SegmentID, address: UInt64)
    /// A position-independent kernel spreads over more addresses than the loader looks for.
    case span(byteCount: UInt64, limit: UInt64)
    /// `e_entry` lies in no executable segment.
    case entryNotExecutable(UInt64)
    /// `e_entry` is the physical address of a byte of that executable segment, at this virtual one.
    case entryPhysical(UInt64, SegmentID, virtualAddress: UInt64)
    /// `e_entry` lies in an executable segment, but behind the bytes that come from the file.
    case entryInZeroes(UInt64)
    /// A second program header of a type of which there may be one.
    case duplicate(SegmentID)
    /// The addresses lie in no `PT_LOAD`.
    case notLoaded(SegmentID, Range<UInt64>)
}

extension SegmentViolation {
    /// The rule that is broken.
    public var rule: ELFRule {
        switch self {
        case .nothingToLoad: .segmentNone
        case .outsideFile: .segmentOutsideFile
        case .fileLargerThanMemory: .segmentFileSize
        case .addressOverflow: .segmentAddressOverflow
        case .notCanonical: .segmentCanonical
        case .alignment: .segmentAlignment
        case .alignmentTooLarge: .segmentAlignmentLimit
        case .misaligned: .segmentCongruence
        case .overlap: .segmentOverlap
        case .span: .segmentSpan
        case .entryNotExecutable: .entryExecutable
        case .entryPhysical: .entryPhysical
        case .entryInZeroes: .entryZeroes
        case .duplicate: .segmentDuplicate
        case .notLoaded: .segmentNotLoaded
        }
    }
}

extension SegmentViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        switch self {
        case .nothingToLoad: "has no PT_LOAD segment, so nothing to load"
        case .outsideFile(let id, let offset, let count, let fileCount):
            "\(id): \(count) bytes at \(hex(offset)) lie outside of the file of \(fileCount) "
                + "bytes"
        case .fileLargerThanMemory(let id, let file, let memory):
            "\(id): p_filesz \(file) is more than p_memsz \(memory)"
        case .addressOverflow(let id, let address, let count):
            "\(id): \(count) bytes at address \(hex(address)) reach 2^64"
        case .notCanonical(let id, let range):
            "\(id): addresses \(hex(range)) are not all canonical"
        case .alignment(let id, let found): "\(id): p_align \(hex(found)) is not a power of two"
        case .alignmentTooLarge(let id, let found, let limit):
            "\(id): p_align \(hex(found)) is more than \(hex(limit))"
        case .misaligned(let id, let address, let offset, let alignment):
            "\(id): address \(hex(address)) and file offset \(hex(offset)) differ modulo "
                + "p_align \(hex(alignment))"
        case .overlap(let first, let second, let address):
            "\(first) and \(second) overlap in memory at \(hex(address))"
        case .span(let count, let limit):
            "spreads over \(hex(count)) bytes of addresses; a position-independent kernel "
                + "may use \(hex(limit))"
        case .entryNotExecutable(let entry):
            "has its entry point \(hex(entry)) in no executable segment"
        case .entryPhysical(let entry, let id, let address):
            "has its entry point \(hex(entry)) at a physical address of \(id); its virtual "
                + "address is \(hex(address))"
        case .entryInZeroes(let entry):
            "has its entry point \(hex(entry)) in zeroes instead of code"
        case .duplicate(let id): "\(id): there may be only one \(id.type.elfName)"
        case .notLoaded(let id, let range):
            "\(id): addresses \(hex(range)) lie in no PT_LOAD segment"
        }
    }
}
