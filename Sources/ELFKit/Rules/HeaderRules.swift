/// The rules of the ELF header (gABI, "ELF Header"), in the order in which they are checked.
enum HeaderRules {
    /// Checks the file's first 64 bytes, more precisely than libelf, which reports only "not ELF".
    ///
    /// A 32-bit file passes; whether its protocol allows it is another rule.
    static func checkIdentification(
        _ start: [UInt8], _ problems: ProblemCollector
    ) throws(Problem) -> WordSize? {
        guard !start.isEmpty else { throw .header(.empty) }
        let magic = Array(start.prefix(FileHeader.magic.count))
        guard magic == FileHeader.magic else { throw .header(.notELF(magic: magic)) }
        guard start.count >= FileHeader.byteCount else {
            throw .header(.truncated(fileByteCount: UInt64(start.count)))
        }
        // EI_CLASS, EI_DATA, EI_VERSION.
        let wordSize = WordSize(rawValue: start[4])
        try problems.expect(wordSize != nil, .header(.wordSize(start[4])))
        try problems.expect(start[5] == 1, .header(.byteOrder(start[5])))
        try problems.expect(start[6] == 1, .header(.version(UInt32(start[6]))))
        return wordSize
    }

    /// Returns the place of the section count if `e_shnum` is 0: `sh_size` of section 0.
    ///
    /// It must be checked before libelf sees it: libelf allocates for as many sections as the file
    /// could have, three times a large file's size.
    ///
    /// - Parameters:
    ///   - start: The 64 bytes of the header.
    ///   - wordSize: The file's class.
    ///   - fileByteCount: The size of the file in bytes.
    /// - Returns: A range in the file; `nil` if the count is in the header, or there is none.
    static func extendedSectionCountRange(
        _ start: [UInt8], _ wordSize: WordSize, fileByteCount: UInt64
    ) -> Range<UInt64>? {
        let bytes = start.span.bytes
        let (tableOffset, sectionCount, size): (UInt64, UInt16, Range<UInt64>) =
            switch wordSize {
            case .bits32:
                (UInt64(bytes.littleEndian(at: 32) as UInt32), bytes.littleEndian(at: 48), 20..<24)
            case .bits64: (bytes.littleEndian(at: 40), bytes.littleEndian(at: 60), 32..<40)
            }
        guard tableOffset != 0, sectionCount == 0,
            let section = Range(
                start: tableOffset, count: UInt64(wordSize.sectionHeaderByteCount),
                limit: fileByteCount)
        else { return nil }
        return section.lowerBound + size.lowerBound..<section.lowerBound + size.upperBound
    }

    /// Checks the header, except for the tables that it locates.
    static func check(
        _ header: FileHeader, _ wordSize: WordSize, _ problems: ProblemCollector
    ) throws(Problem) -> (KernelELF.Kind, Architecture)? {
        try problems.expect(header.version == 1, .header(.version(header.version)))
        let architecture = Architecture(machine: header.machine, wordSize)
        try problems.expect(architecture != nil, .header(.machine(header.machine, wordSize)))
        let kind = KernelELF.Kind(type: header.type)
        try problems.expect(kind != nil, .header(.fileType(header.type)))
        try problems.attempt(
            try check(header.headerByteCount, .header, is: wordSize.headerByteCount))
        guard let kind, let architecture else { return nil }
        return (kind, architecture)
    }

    /// Returns the range of the program header table, within the file and not empty.
    static func programHeaderTable(
        of header: FileHeader, _ wordSize: WordSize, fileByteCount: UInt64
    ) throws(Problem) -> Range<UInt64> {
        guard header.programHeaderCount != FileHeader.extendedCount else {
            throw .header(.extendedProgramHeaderCount)
        }
        guard header.programHeaderCount > 0, header.programHeaderOffset > 0 else {
            throw .segment(.nothingToLoad)
        }
        try check(
            header.programHeaderByteCount, .programHeader, is: wordSize.programHeaderByteCount)
        return try range(
            of: .programHeaders, at: header.programHeaderOffset,
            byteCount: UInt64(header.programHeaderCount) * UInt64(header.programHeaderByteCount),
            fileByteCount: fileByteCount)
    }

    /// Whether there are section headers; only `.bootloader-config` needs them.
    static func hasSections(_ header: FileHeader) -> Bool {
        header.sectionHeaderOffset != 0 && header.sectionHeaderCount != 0
    }

    /// Returns the range of the section header table, which a stripped kernel may lack.
    ///
    /// It is normally the last part of the file: a table outside it means a truncated file.
    static func sectionHeaderTable(
        of header: FileHeader, _ wordSize: WordSize, fileByteCount: UInt64
    ) throws(Problem) -> Range<UInt64> {
        try check(
            header.sectionHeaderByteCount, .sectionHeader, is: wordSize.sectionHeaderByteCount)
        return try range(
            of: .sectionHeaders, at: header.sectionHeaderOffset,
            byteCount: UInt64(header.sectionHeaderCount) * UInt64(header.sectionHeaderByteCount),
            fileByteCount: fileByteCount)
    }

    /// Returns the table's range, which must be within the file.
    static func range(
        of table: HeaderViolation.Table, at offset: UInt64, byteCount: UInt64,
        fileByteCount: UInt64
    ) throws(Problem) -> Range<UInt64> {
        guard let range = Range(start: offset, count: byteCount, limit: fileByteCount) else {
            throw .header(
                .tableOutsideFile(
                    table, offset: offset, byteCount: byteCount, fileByteCount: fileByteCount))
        }
        return range
    }

    private static func check(
        _ found: UInt16, _ field: HeaderViolation.EntrySizeField, is allowed: UInt16
    ) throws(Problem) {
        guard found == allowed else {
            throw .header(.entrySize(field, found: found, allowed: allowed))
        }
    }
}
