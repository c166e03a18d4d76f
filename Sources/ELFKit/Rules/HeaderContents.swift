/// What a program header with contents says, after the rules that hold for any of them.
struct HeaderContents {
    let fileRange: Range<UInt64>
    let memoryRange: Range<UInt64>
    /// A power of two, at least 1.
    let alignment: UInt64

    init(_ header: ProgramHeader, fileByteCount: UInt64) throws(ELFError.Problem) {
        fileRange = try header.fileRange(fileByteCount: fileByteCount)
        guard header.fileByteCount <= header.memoryByteCount else {
            throw .segment(
                .fileLargerThanMemory(
                    header.id, fileByteCount: header.fileByteCount,
                    memoryByteCount: header.memoryByteCount))
        }
        memoryRange = try header.memoryRange()
        guard header.alignment & (header.alignment &- 1) == 0 else {
            throw .segment(.alignment(header.id, header.alignment))
        }
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
