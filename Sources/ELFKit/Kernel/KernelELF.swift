/// A kernel that the loader can load; every value has been checked.
///
/// ``load(_:as:)`` returns one; see <doc:ELFKit> for the rules.
public struct KernelELF: Equatable, Sendable {
    /// Size of the file in bytes.
    public let fileByteCount: UInt64
    /// The protocol by which the loader starts the kernel.
    public let bootProtocol: BootProtocol
    /// Whether the kernel runs at its link address or anywhere.
    public let kind: Kind
    /// The processor architecture.
    public let architecture: Architecture
    /// The class of the ELF file; 32 bits for a Multiboot kernel that need not be one.
    public let wordSize: WordSize
    /// The address of the first instruction, within the file bytes of an executable segment; for
    /// Multiboot a physical address within a segment.
    public let entry: UInt64
    /// At least one, by ascending address, without overlap; they may share pages.
    ///
    /// For Multiboot, their addresses are physical.
    public let segments: [LoadSegment]
    /// The template of thread-local storage.
    public let tls: TLSTemplate?
    /// The addresses that are read-only after relocation.
    ///
    /// The end may lie past that of the segment, on the same 4 KiB page.
    public let relro: Range<UInt64>?
    /// The relocation tables to apply, in this order; often none.
    public let relocations: [RelocationTable]
    /// What the kernel requests from the loader; `nil` without the section `.bootloader-config`.
    public let configuration: KernelConfiguration?
    /// What it requests beyond the boot contract; empty without the section `.bootimage-requests`.
    public let requests: KernelRequests
    /// The part of the file that the loader needs, in bytes.
    ///
    /// It contains the ELF header, program headers, segments, thread-local template, dynamic
    /// section, relocations, their symbols and the kernel configuration. It starts at 0, so file
    /// offsets stay valid, and excludes other symbols and debug information after it.
    public let loadedFileRange: Range<UInt64>
    /// The file without its debug sections; `nil` if it has none, or if its layout is not one that
    /// linkers produce.
    package let strippedFile: StrippedFile?
    /// Oddities that do not prevent loading.
    public let warnings: [ELFWarning]

    /// `e_type`.
    public enum Kind: Sendable {
        /// `ET_EXEC`: loaded at its link address.
        case executable
        /// `ET_DYN`: loaded anywhere, then relocated.
        case positionIndependent
        /// Any file, loaded at the addresses in its Multiboot header, or as an arm64 `Image`.
        case flat

        /// The kind with that `e_type`; `nil` if the loader does not support it.
        init?(type: UInt16) {
            switch type {
            case 2: self = .executable
            case 3: self = .positionIndependent
            default: return nil
            }
        }
    }
}

/// An oddity of a kernel that can be loaded.
public enum ELFWarning: Equatable, Sendable {
    /// `PT_INTERP` names a dynamic linker, although no library is required.
    case unusedInterpreter(SegmentID)
    /// The segment is both writable and executable.
    case writableCode(SegmentID)
    /// The segment of an `ET_EXEC` covers part of page 0, so null pointers can be read.
    case nullPage(SegmentID)
    /// The entry point is in the lower half, but other segments are in the upper half.
    case lowEntry(UInt64)
    /// The kernel asks for a protocol that the loader does not speak, and for no other.
    case foreignProtocol(ProtocolEvidence)
    /// The kernel asks for several protocols, and the caller selected none; the loader takes the
    /// first.
    case severalProtocols([ProtocolEvidence])
    /// Nothing but its addresses shows that the kernel starts with the MMU off.
    case guessedImage(ProtocolEvidence)
    /// A rule of the Limine boot protocol that does not prevent loading.
    case limine(LimineViolation)
    /// A rule of Multiboot that does not prevent loading.
    case multiboot(MultibootViolation)
}

/// A kernel's file without its debug sections, as consecutive pieces.
///
/// It is a valid ELF file. The contents of segments keep their offsets; everything after them moves
/// up to where the debug sections were. Sections keep their indices, because symbols refer to them:
/// the header of an omitted section is all zeroes (`SHT_NULL`).
package struct StrippedFile: Equatable, Sendable {
    /// Some consecutive bytes of the file.
    package enum Piece: Equatable, Sendable {
        /// The bytes in that range of the original file.
        case source(Range<UInt64>)
        /// Other bytes: changed headers, and zeroes for alignment.
        case bytes([UInt8])
    }

    /// All bytes, in order.
    package let pieces: [Piece]
    /// Total size of the pieces in bytes; less than the original file's.
    package let byteCount: UInt64
}
