/// The headers of one file, after the rules that concern them alone.
struct HeaderTables {
    let fileByteCount: UInt64
    let wordSize: WordSize
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

    /// Returns the only program header of a type that may occur once; `nil` if there is none.
    func only(_ type: SegmentType) throws(Problem) -> ProgramHeader? {
        let found = programHeaders.filter { $0.type == type }
        if found.count > 1 { throw .segment(.duplicate(found[1].id)) }
        return found.first
    }
}

/// The contents of a program header, after the rules that hold for every type.
struct HeaderContents {
    let fileRange: Range<UInt64>
    let memoryRange: Range<UInt64>
    /// A power of two, at least 1.
    let alignment: UInt64

    /// Checks the contents; `nil` if any rule is broken.
    init?(
        _ header: ProgramHeader, fileByteCount: UInt64, _ problems: ProblemCollector
    ) throws(Problem) {
        let countBefore = problems.count
        let fileRange = try problems.attempt(try header.fileRange(fileByteCount: fileByteCount))
        try problems.expect(
            header.fileByteCount <= header.memoryByteCount,
            .segment(
                .fileLargerThanMemory(
                    header.id, fileByteCount: header.fileByteCount,
                    memoryByteCount: header.memoryByteCount)))
        let memoryRange = try problems.attempt(try header.memoryRange())
        try problems.expect(
            header.alignment & (header.alignment &- 1) == 0,
            .segment(.alignment(header.id, header.alignment)))
        guard problems.count == countBefore, let fileRange, let memoryRange else { return nil }
        (self.fileRange, self.memoryRange) = (fileRange, memoryRange)
        alignment = Swift.max(header.alignment, 1)
    }
}

extension ProgramHeader {
    /// Returns the range in the file.
    ///
    /// Without bytes the offset is meaningless: linkers may set it past the end of the file.
    func fileRange(fileByteCount limit: UInt64) throws(Problem) -> Range<UInt64> {
        if fileByteCount == 0 { return 0..<0 }
        guard let range = Range(start: fileOffset, count: fileByteCount, limit: limit) else {
            throw .segment(
                .outsideFile(
                    id, offset: fileOffset, byteCount: fileByteCount, fileByteCount: limit))
        }
        return range
    }

    /// Returns the range in memory; its end is less than 2⁶⁴.
    func memoryRange() throws(Problem) -> Range<UInt64> {
        guard let range = Range(start: virtualAddress, count: memoryByteCount) else {
            throw .segment(
                .addressOverflow(id, address: virtualAddress, memoryByteCount: memoryByteCount))
        }
        return range
    }
}
