/// The rules on `PT_LOAD` (gABI, "Program Header" and "Program Loading").
///
/// The loader copies bytes into fresh frames, so segments may share pages, come in any order, have
/// no bytes, and be aligned to less than a page.
extension HeaderTables {
    /// The maximum span and alignment of a position-independent kernel, in bytes: one entry of the
    /// top-level page table, so that any free entry has room.
    private static let positionIndependentLimit: UInt64 = 512 << 30

    /// The maximum number of segments: each may take an entry in the loader's lists of 256.
    private static let segmentLimit = 240
    /// The maximum memory of all segments, in bytes; the loader takes no more at once.
    private static let memoryLimit: UInt64 = 512 << 30

    /// Returns the segments by ascending address; `nil` if any rule is broken.
    func loadSegments(_ problems: ProblemCollector) throws(Problem) -> [LoadSegment]? {
        let countBefore = problems.count
        var segments: [LoadSegment] = []
        for header in programHeaders where header.type == .load {
            if let segment = try loadSegment(header, problems) { segments.append(segment) }
        }
        segments.sort { $0.virtualAddress < $1.virtualAddress }
        let areValid = problems.count == countBefore
        try checkOverlap(segments, problems)
        guard areValid else { return nil }
        try checkSpan(segments, problems)
        try checkSize(segments, problems)
        return problems.count == countBefore ? segments : nil
    }

    /// Returns the segment; `nil` if it is empty or breaks a rule.
    private func loadSegment(
        _ header: ProgramHeader, _ problems: ProblemCollector
    ) throws(Problem) -> LoadSegment? {
        let contents = try HeaderContents(header, fileByteCount: fileByteCount, problems)
        guard let contents, !contents.memoryRange.isEmpty else { return nil }
        try problems.expect(
            header.virtualAddress % contents.alignment == header.fileOffset % contents.alignment,
            .segment(
                .misaligned(
                    header.id, address: header.virtualAddress, offset: header.fileOffset,
                    alignment: header.alignment)))
        try problems.attempt(try checkPlace(of: header.id, contents))
        return LoadSegment(
            index: header.index, fileRange: contents.fileRange,
            memoryRange: contents.memoryRange, alignment: contents.alignment,
            permissions: LoadSegment.Permissions(rawValue: header.flags).intersection(.known))
    }

    private func checkPlace(of id: SegmentID, _ contents: HeaderContents) throws(Problem) {
        switch kind {
        case .executable where !AddressHalves(on: architecture).hold(contents.memoryRange):
            throw .segment(.notCanonical(id, contents.memoryRange, architecture))
        case .positionIndependent where contents.alignment > Self.positionIndependentLimit:
            throw .segment(
                .alignmentTooLarge(id, contents.alignment, limit: Self.positionIndependentLimit))
        default: break
        }
    }

    func checkOverlap(
        _ segments: [LoadSegment], _ problems: ProblemCollector
    ) throws(Problem) {
        for (lower, upper) in zip(segments, segments.dropFirst())
        where lower.memoryRange.overlaps(upper.memoryRange) {
            try problems.report(
                .segment(.overlap(lower.id, upper.id, address: upper.virtualAddress)))
        }
    }

    private func checkSpan(
        _ segments: [LoadSegment], _ problems: ProblemCollector
    ) throws(Problem) {
        guard let first = segments.first, let last = segments.last else {
            return try problems.report(.segment(.nothingToLoad))
        }
        let span = last.memoryRange.upperBound - first.virtualAddress
        try problems.expect(
            kind == .executable || span <= Self.positionIndependentLimit,
            .segment(.span(byteCount: span, limit: Self.positionIndependentLimit)))
    }

    /// Takes segments that do not overlap, so that their lengths add up.
    private func checkSize(
        _ segments: [LoadSegment], _ problems: ProblemCollector
    ) throws(Problem) {
        try problems.expect(
            segments.count <= Self.segmentLimit,
            .segment(.tooMany(count: segments.count, limit: Self.segmentLimit)))
        let needed = segments.reduce(UInt64(0)) {
            let range = $1.memoryRange
            let (sum, overflow) = $0.addingReportingOverflow(range.upperBound - range.lowerBound)
            return overflow ? .max : sum
        }
        try problems.expect(
            needed <= Self.memoryLimit,
            .segment(.tooMuchMemory(byteCount: needed, limit: Self.memoryLimit)))
    }

    /// Checks that the entry point is executable and that its byte is in the file.
    func checkEntry(in segments: [LoadSegment]) throws(Problem) {
        let entry = header.entry
        let segment = segments.first {
            $0.permissions.contains(.execute) && $0.memoryRange.contains(entry)
        }
        guard let segment else {
            throw .segment(physicalEntry ?? .entryNotExecutable(entry))
        }
        guard entry - segment.virtualAddress < segment.fileByteCount else {
            throw .segment(.entryInZeroes(entry))
        }
    }

    /// The violation of an entry point that is the physical address of a byte in an executable
    /// segment, as linker scripts for loaders without paging define it; otherwise `nil`.
    private var physicalEntry: SegmentViolation? {
        let entry = header.entry
        let segment = programHeaders.first {
            $0.type == .load && $0.flags & LoadSegment.Permissions.execute.rawValue != 0
                && entry >= $0.physicalAddress && entry - $0.physicalAddress < $0.fileByteCount
        }
        return segment.map {
            .entryPhysical(
                entry, $0.id, virtualAddress: $0.virtualAddress + (entry - $0.physicalAddress))
        }
    }

    /// Returns warnings about segments, the entry point and an unused dynamic linker.
    func warnings(about segments: [LoadSegment]) -> [ELFWarning] {
        let code = segments.filter { $0.permissions.isSuperset(of: [.write, .execute]) }
        let null = segments.filter { kind == .executable && $0.virtualAddress < 4096 }
        let interpreters = programHeaders.filter { $0.type == .interpreter }
        let halves = AddressHalves(on: architecture)
        let looksPhysical =
            header.entry < halves.lowerEnd
            && segments.contains { $0.virtualAddress >= halves.upperStart }
        return code.map { .writableCode($0.id) } + null.map { .nullPage($0.id) }
            + (looksPhysical ? [.lowEntry(header.entry)] : [])
            + interpreters.map { .unusedInterpreter($0.id) }
    }
}

extension LoadSegment {
    /// The segment's name in errors and warnings.
    var id: SegmentID { SegmentID(.load, index) }
}
