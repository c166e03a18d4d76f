/// A broken rule of Multiboot or Multiboot2; the rule's severity says if the kernel is refused.
public enum MultibootViolation: Equatable, Sendable {
    /// Flags of a Multiboot header that no loader may ignore, and that are unknown.
    case flags(UInt32, known: UInt32)
    /// A Multiboot2 header for another architecture than i386.
    case architecture(UInt32)
    /// A Multiboot2 header of this size without an end tag.
    case unterminated(byteCount: UInt32)
    /// A required tag of an unknown type.
    case unknownTag(UInt16)
    /// A tag that is too small for its fields.
    case tagSize(Multiboot2Header.Kind, found: UInt32, allowed: UInt32)
    /// A required tag requests boot information of an unknown type.
    case unknownInformation(UInt32)
    /// A required tag requests boot information that the loader never has.
    case missingInformation(UInt32)
    /// A required tag has an entry point for 32-bit UEFI, which x86-64 machines do not have.
    case requiredEFI32Entry
    /// A kernel that may be moved, to multiples of what is no power of two.
    case alignment(UInt32)
    /// The header's addresses contradict each other or the header's place in the file.
    case addresses(MultibootAddresses, headerOffset: UInt64)
    /// The file ends before the bytes that the header's addresses locate.
    case fileTooShort(end: UInt64, fileByteCount: UInt64)
    /// The header has addresses, and no entry point.
    case entryMissing
    /// The entry point is not within the loaded bytes.
    case entryOutside(UInt64)
    /// A segment does not end at or below 4 GiB of physical memory; `nil` for the header's bytes.
    case aboveFourGiB(SegmentID?, address: UInt64, byteCount: UInt64)
    /// A segment needs memory that a PC does not have free; `nil` for the header's bytes.
    case lowMemory(SegmentID?, Range<UInt64>, used: Range<UInt64>)
    /// A section of relocations, which are not applied.
    case relocations(sectionIndex: Int)
    /// What looks like a header, and is none.
    case misplaced(MisplacedHeader)
}
