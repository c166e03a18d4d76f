/// A kernel that the loader can load: every value has been checked.
///
/// ``load(_:)`` makes one; see <doc:ELFKit> for the rules.
public struct KernelELF: Equatable, Sendable {
    /// Size of the file.
    public let fileByteCount: UInt64
    /// Whether the kernel runs where it was linked, or anywhere.
    public let kind: Kind
    /// The processor that the kernel is for.
    public let architecture: Architecture
    /// The address of the first instruction, within an executable segment's bytes.
    public let entry: UInt64
    /// At least one, by ascending address, without overlap; they may share pages.
    public let segments: [LoadSegment]
    /// The template of thread-local storage.
    public let tls: TLSTemplate?
    /// The addresses that are read-only after relocation.
    ///
    /// The end may lie behind that of the segment, on the same 4 KiB page.
    public let relro: Range<UInt64>?
    /// The relocations that are to be applied, table by table in this order; often there are none.
    public let relocations: [RelocationTable]
    /// What the kernel asks of the loader; `nil` for a plain kernel, without the section.
    public let configuration: KernelConfiguration?
    /// The part of the file that the loader needs, in bytes.
    ///
    /// It holds the ELF header, program headers, segments, thread-local template, dynamic section,
    /// relocations, their symbols and boot configuration. It begins at 0, so that file offsets stay
    /// valid; other symbols and debug information behind it are left out.
    public let loadedFileRange: Range<UInt64>
    /// The file without its debugging sections; `nil` if it has none, or if it is laid out in a
    /// way in which no linker lays a file out.
    public let strippedFile: StrippedFile?
    /// What is odd about the kernel but does not keep it from being loaded.
    public let warnings: [ELFWarning]

    /// `e_type`.
    public enum Kind: Sendable {
        /// `ET_EXEC`: loaded at the addresses that it was linked for.
        case executable
        /// `ET_DYN`: loaded anywhere, then relocated.
        case positionIndependent
    }
}
