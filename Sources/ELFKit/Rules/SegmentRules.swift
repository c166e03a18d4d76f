/// The two halves of the address space that four levels of page tables can map.
enum AddressHalf {
    static let lowerEnd: UInt64 = 0x0000_8000_0000_0000
    static let upperStart: UInt64 = 0xffff_8000_0000_0000

    /// Whether one half holds the whole range, which is not empty.
    static func holds(_ range: Range<UInt64>) -> Bool {
        range.upperBound <= lowerEnd || range.lowerBound >= upperStart
    }
}

/// The rules of `PT_LOAD` (gABI, "Program Header" and "Program Loading").
///
/// The loader copies bytes into fresh frames. So segments may share pages, come in any order, be
/// without bytes, and be aligned to less than a page.
struct SegmentRules {
    let kind: KernelELF.Kind
    let fileByteCount: UInt64

    /// The addresses that a position-independent kernel may spread over, and be aligned to: one
    /// entry of the top-level page table, so that any free entry has room.
    static let positionIndependentLimit: UInt64 = 512 << 30

    /// The segments by ascending address.
    func loadSegments(among headers: [ProgramHeader]) throws(ELFError.Problem) -> [LoadSegment] {
        var segments: [LoadSegment] = []
        for header in headers where header.id.type == .load {
            if let segment = try loadSegment(header) { segments.append(segment) }
        }
        segments.sort { $0.virtualAddress < $1.virtualAddress }
        try checkOverlap(segments)
        try checkSpan(segments)
        return segments
    }

    /// The segment, unless it is wholly empty.
    private func loadSegment(_ header: ProgramHeader) throws(ELFError.Problem) -> LoadSegment? {
        let contents = try HeaderContents(header, fileByteCount: fileByteCount)
        guard !contents.memoryRange.isEmpty else { return nil }
        guard header.virtualAddress % contents.alignment == header.offset % contents.alignment
        else {
            throw .segment(
                .misaligned(
                    header.id, address: header.virtualAddress, offset: header.offset,
                    alignment: header.alignment))
        }
        try checkPlace(of: header.id, contents)
        return LoadSegment(
            index: header.id.index, fileRange: contents.fileRange,
            memoryRange: contents.memoryRange, alignment: contents.alignment,
            permissions: LoadSegment.Permissions(rawValue: header.flags).intersection(.known))
    }

    private func checkPlace(
        of id: SegmentID, _ contents: HeaderContents
    ) throws(ELFError.Problem) {
        switch kind {
        case .executable where !AddressHalf.holds(contents.memoryRange):
            throw .segment(.notCanonical(id, contents.memoryRange))
        case .positionIndependent where contents.alignment > Self.positionIndependentLimit:
            throw .segment(
                .alignmentTooLarge(id, contents.alignment, limit: Self.positionIndependentLimit))
        default: break
        }
    }

    private func checkOverlap(_ segments: [LoadSegment]) throws(ELFError.Problem) {
        for (lower, upper) in zip(segments, segments.dropFirst())
        where lower.memoryRange.overlaps(upper.memoryRange) {
            throw .segment(.overlap(lower.id, upper.id, address: upper.virtualAddress))
        }
    }

    private func checkSpan(_ segments: [LoadSegment]) throws(ELFError.Problem) {
        guard let first = segments.first, let last = segments.last else {
            throw .segment(.nothingToLoad)
        }
        let span = last.memoryRange.upperBound - first.virtualAddress
        guard kind == .executable || span <= Self.positionIndependentLimit else {
            throw .segment(.span(byteCount: span, limit: Self.positionIndependentLimit))
        }
    }

    /// Checks that the first instruction lies where code may run, and that it is in the file.
    static func checkEntry(
        _ entry: UInt64, in segments: [LoadSegment]
    ) throws(ELFError.Problem) {
        let segment = segments.first {
            $0.permissions.contains(.execute) && $0.memoryRange.contains(entry)
        }
        guard let segment else { throw .segment(.entryNotExecutable(entry)) }
        guard entry - segment.virtualAddress < segment.fileByteCount else {
            throw .segment(.entryInZeroes(entry))
        }
    }

    /// What is odd about the segments, and about a dynamic linker that nothing needs.
    func warnings(
        about segments: [LoadSegment], among headers: [ProgramHeader]
    ) -> [ELFWarning] {
        let code = segments.filter { $0.permissions.isSuperset(of: [.write, .execute]) }
        let null = segments.filter { kind == .executable && $0.virtualAddress < 4096 }
        let interpreters = headers.filter { $0.id.type == .interpreter }
        return code.map { .writableCode($0.id) } + null.map { .nullPage($0.id) }
            + interpreters.map { .unusedInterpreter($0.id) }
    }
}

extension LoadSegment {
    /// How errors and warnings call it.
    var id: SegmentID { SegmentID(.load, index) }
}
