/// The three kinds of headers of one file, within the rules that concern them alone.
struct HeaderTables {
    let header: FileHeader
    let kind: KernelELF.Kind
    let architecture: Architecture
    let programHeaderTable: Range<UInt64>
    let programHeaders: [ProgramHeader]
    /// All program headers, also those of types that the loader does not know.
    let segmentMap: [ProgramHeaderEntry]
    /// The end of the last bytes in the file that a program header is about, known type or not.
    let endOfSegments: UInt64
    /// Where the section headers are; empty if the kernel was stripped of them.
    private(set) var sectionHeaderTable: Range<UInt64>
    /// Empty if the kernel was stripped of them.
    private(set) var sectionHeaders: [SectionHeader]

    /// Reads the headers; what libelf keeps in memory for that is freed at the end.
    ///
    /// - Returns: `nil` if the program headers cannot be gone by. Without the section headers the
    ///   other rules can still be tried.
    init?(reading file: KernelFile, _ problems: ProblemCollector) throws(ELFError.Problem) {
        _ = try problems.attempt { () throws(ELFError.Problem) in
            try Self.checkStart(of: file, problems)
        }
        guard problems.isEmpty else { return nil }
        let decoded = try problems.attempt { () throws(ELFError.Problem) in
            try Self.decode(file, problems)
        }
        guard let tables = decoded ?? nil else { return nil }
        self = tables
    }

    private init(
        _ header: FileHeader, _ facts: (KernelELF.Kind, Architecture),
        at programHeaderTable: Range<UInt64>, reading elf: borrowing LibELF
    ) throws(ELFError.Problem) {
        (self.header, self.programHeaderTable) = (header, programHeaderTable)
        (kind, architecture) = facts
        programHeaders = try elf.programHeaders(count: Int(header.programHeaderCount))
        segmentMap = try elf.segmentMap(count: Int(header.programHeaderCount))
        endOfSegments = try elf.endOfSegments(count: Int(header.programHeaderCount))
        (sectionHeaderTable, sectionHeaders) = (0..<0, [])
    }

    private static func decode(
        _ file: KernelFile, _ problems: ProblemCollector
    ) throws(ELFError.Problem) -> HeaderTables? {
        let elf = try LibELF(file)
        let header = try elf.fileHeader()
        let facts = try HeaderRules.check(header, problems)
        let table = try problems.attempt { () throws(ELFError.Problem) in
            try HeaderRules.programHeaderTable(of: header, fileByteCount: file.byteCount)
        }
        var tables: HeaderTables?
        if problems.isEmpty, let facts, let table {
            tables = try HeaderTables(header, facts, at: table, reading: elf)
        }
        guard HeaderRules.hasSections(header) else { return tables }
        let sectionTable = try problems.attempt { () throws(ELFError.Problem) in
            try HeaderRules.sectionHeaderTable(of: header, fileByteCount: file.byteCount)
        }
        if let sectionTable, tables != nil {
            tables?.sectionHeaderTable = sectionTable
            tables?.sectionHeaders = try elf.sectionHeaders(count: Int(header.sectionHeaderCount))
        }
        return tables
    }

    /// Checks what libelf must not be asked about.
    private static func checkStart(
        of file: KernelFile, _ problems: ProblemCollector
    ) throws(ELFError.Problem) {
        let start = try file.bytes(in: 0..<min(FileHeader.byteCount, file.byteCount))
        try HeaderRules.checkIdentification(start, problems)
        guard problems.isEmpty else { return }
        let countRange = HeaderRules.extendedSectionCountRange(
            start, fileByteCount: file.byteCount)
        guard let countRange else { return }
        let bytes = try file.bytes(in: countRange)
        let count: UInt64 = bytes.span.bytes.littleEndian(at: 0)
        guard count == 0 else { throw .header(.extendedSectionCount(count)) }
    }
}
