/// The three kinds of headers of one file, within the rules that concern them alone.
struct HeaderTables {
    let header: FileHeader
    let kind: KernelELF.Kind
    let programHeaderTable: Range<UInt64>
    let programHeaders: [ProgramHeader]
    /// The end of the last bytes in the file that a program header is about, known type or not.
    let endOfSegments: UInt64
    /// Where the section headers are; empty if the kernel was stripped of them.
    let sectionHeaderTable: Range<UInt64>
    let sectionHeaders: [SectionHeader]

    /// Reads the headers; what libelf keeps in memory for that is freed at the end.
    init(reading file: KernelFile) throws(ELFError.Problem) {
        try Self.checkStart(of: file)
        let elf = try LibELF(file.descriptor)
        header = try elf.fileHeader()
        kind = try HeaderRules.check(header)
        programHeaderTable = try HeaderRules.programHeaderTable(
            of: header, fileByteCount: file.byteCount)
        programHeaders = try elf.programHeaders(count: Int(header.programHeaderCount))
        endOfSegments = try elf.endOfSegments(count: Int(header.programHeaderCount))
        guard HeaderRules.hasSections(header) else {
            sectionHeaderTable = 0..<0
            sectionHeaders = []
            return
        }
        sectionHeaderTable = try HeaderRules.sectionHeaderTable(
            of: header, fileByteCount: file.byteCount)
        sectionHeaders = try elf.sectionHeaders(count: Int(header.sectionHeaderCount))
    }

    /// Checks what libelf must not be asked about.
    private static func checkStart(of file: KernelFile) throws(ELFError.Problem) {
        let start = try file.bytes(in: 0..<min(FileHeader.byteCount, file.byteCount))
        try HeaderRules.checkIdentification(start)
        let countRange = HeaderRules.extendedSectionCountRange(
            start, fileByteCount: file.byteCount)
        guard let countRange else { return }
        let bytes = try file.bytes(in: countRange)
        let count: UInt64 = bytes.span.bytes.littleEndian(at: 0)
        guard count == 0 else { throw .header(.extendedSectionCount(count)) }
    }
}
