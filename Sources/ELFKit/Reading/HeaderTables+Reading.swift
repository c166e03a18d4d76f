extension HeaderTables {
    /// Reads the headers through libelf, whose memory is freed at the end.
    ///
    /// - Returns: `nil` if the program headers cannot be used. Without usable section headers, the
    ///   other rules are still checked.
    init?(reading file: KernelFile, _ problems: ProblemCollector) throws(Problem) {
        guard let wordSize = try problems.attempt(try Self.checkStart(of: file, problems)),
            problems.isEmpty,
            let tables = try problems.attempt(try Self.decode(file, wordSize, problems))
        else { return nil }
        self = tables
    }

    private static func decode(
        _ file: KernelFile, _ wordSize: WordSize, _ problems: ProblemCollector
    ) throws(Problem) -> HeaderTables? {
        let elf = try LibELF(file)
        let header = try elf.fileHeader()
        let target = try HeaderRules.check(header, wordSize, problems)
        let programHeaderTable = try problems.attempt(
            try HeaderRules.programHeaderTable(
                of: header, wordSize, fileByteCount: file.byteCount))
        let programHeaders =
            problems.isEmpty
            ? try elf.programHeaders(count: Int(header.programHeaderCount)) : nil
        var (sectionHeaderTable, sectionHeaders): (Range<UInt64>, [SectionHeader]) = (0..<0, [])
        if HeaderRules.hasSections(header) {
            let table = try problems.attempt(
                try HeaderRules.sectionHeaderTable(
                    of: header, wordSize, fileByteCount: file.byteCount))
            if let table, programHeaders != nil {
                sectionHeaderTable = table
                sectionHeaders = try elf.sectionHeaders(count: Int(header.sectionHeaderCount))
            }
        }
        guard let target, let programHeaderTable, let programHeaders else { return nil }
        return HeaderTables(
            fileByteCount: file.byteCount, wordSize: wordSize, header: header, kind: target.0,
            architecture: target.1, programHeaderTable: programHeaderTable,
            programHeaders: programHeaders,
            sectionHeaderTable: sectionHeaderTable, sectionHeaders: sectionHeaders)
    }

    /// Checks what libelf does not.
    private static func checkStart(
        of file: KernelFile, _ problems: ProblemCollector
    ) throws(Problem) -> WordSize? {
        let start = try file.bytes(in: 0..<min(FileHeader.byteCount, file.byteCount))
        let wordSize = try HeaderRules.checkIdentification(start, problems)
        guard problems.isEmpty, let wordSize else { return nil }
        let countRange = HeaderRules.extendedSectionCountRange(
            start, wordSize, fileByteCount: file.byteCount)
        guard let countRange else { return wordSize }
        let count = try file.bytes(in: countRange).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        guard count == 0 else { throw .header(.extendedSectionCount(count)) }
        return wordSize
    }
}
