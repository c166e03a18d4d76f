/// What a program header with contents says, after the rules that hold for any of them.
struct HeaderContents {
    let fileRange: Range<UInt64>
    let memoryRange: Range<UInt64>
    /// A power of two, at least 1.
    let alignment: UInt64

    /// The contents; `nil` if any rule is broken.
    init?(
        _ header: ProgramHeader, fileByteCount: UInt64, _ problems: ProblemCollector
    ) throws(ELFError.Problem) {
        let countBefore = problems.count
        let fileRange = try problems.attempt { () throws(ELFError.Problem) in
            try header.fileRange(fileByteCount: fileByteCount)
        }
        try problems.expect(
            header.fileByteCount <= header.memoryByteCount,
            .segment(
                .fileLargerThanMemory(
                    header.id, fileByteCount: header.fileByteCount,
                    memoryByteCount: header.memoryByteCount)))
        let memoryRange = try problems.attempt { () throws(ELFError.Problem) in
            try header.memoryRange()
        }
        try problems.expect(
            header.alignment & (header.alignment &- 1) == 0,
            .segment(.alignment(header.id, header.alignment)))
        guard problems.count == countBefore, let fileRange, let memoryRange else { return nil }
        (self.fileRange, self.memoryRange) = (fileRange, memoryRange)
        alignment = Swift.max(header.alignment, 1)
    }
}

extension ProgramHeader {
    /// The range in the file.
    ///
    /// Without bytes the offset means nothing: linkers let it point behind the end of the file.
    func fileRange(fileByteCount limit: UInt64) throws(ELFError.Problem) -> Range<UInt64> {
        if fileByteCount == 0 { return 0..<0 }
        guard let range = Range(start: offset, count: fileByteCount, limit: limit) else {
            throw .segment(
                .outsideFile(
                    id, offset: offset, byteCount: fileByteCount, fileByteCount: limit))
        }
        return range
    }

    /// The range in memory; its end is less than 2⁶⁴.
    func memoryRange() throws(ELFError.Problem) -> Range<UInt64> {
        guard let range = Range(start: virtualAddress, count: memoryByteCount) else {
            throw .segment(
                .addressOverflow(
                    id, address: virtualAddress, memoryByteCount: memoryByteCount))
        }
        return range
    }
}

extension [ProgramHeader] {
    /// The header of a type of which there may be one.
    func only(_ type: SegmentType) throws(ELFError.Problem) -> ProgramHeader? {
        let found = filter { $0.id.type == type }
        if found.count > 1 { throw .segment(.duplicate(found[1].id)) }
        return found.first
    }
}
