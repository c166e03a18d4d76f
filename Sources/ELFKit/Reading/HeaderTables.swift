/// The three kinds of headers of one file, within the rules that concern them alone.
struct HeaderTables {
    let header: FileHeader
    let kind: KernelELF.Kind
    let programHeaderTable: Range<UInt64>
    let programHeaders: [ProgramHeader]
    /// Empty if the kernel was stripped of them.
    let sectionHeaders: [SectionHeader]

    /// Reads the headers; what libelf keeps in memory for that is freed at the end.
    init(reading file: KernelFile) throws(ELFError.Problem) {
        let start = 0..<min(FileHeader.byteCount, file.byteCount)
        try HeaderRules.checkIdentification(file.bytes(in: start))
        let elf = try LibELF(file.descriptor)
        header = try elf.fileHeader()
        kind = try HeaderRules.check(header)
        programHeaderTable = try HeaderRules.programHeaderTable(
            of: header, fileByteCount: file.byteCount)
        programHeaders = try elf.programHeaders(count: Int(header.programHeaderCount))
        guard HeaderRules.hasSections(header) else {
            sectionHeaders = []
            return
        }
        try HeaderRules.checkSectionHeaderTable(of: header, fileByteCount: file.byteCount)
        sectionHeaders = try elf.sectionHeaders(count: Int(header.sectionHeaderCount))
    }
}
