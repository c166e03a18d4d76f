/// The three kinds of headers of one file, after the rules that concern them alone.
struct HeaderTables {
    let header: FileHeader
    let kind: KernelELF.Kind
    let architecture: Architecture
    let programHeaderTable: Range<UInt64>
    /// All program headers, in the order of the file.
    let programHeaders: [ProgramHeader]
    /// The section header table; empty if the kernel was stripped of it.
    let sectionHeaderTable: Range<UInt64>
    /// Empty if the kernel was stripped of them.
    let sectionHeaders: [SectionHeader]

    /// The end of the last bytes in the file that belong to a program header, of any type.
    var endOfSegments: UInt64 {
        programHeaders
            .filter { $0.type != .null && $0.fileByteCount > 0 }
            .map { Range(start: $0.fileOffset, count: $0.fileByteCount)?.upperBound ?? .max }
            .max() ?? 0
    }
}
