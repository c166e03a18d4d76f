extension KernelFile {
    /// The most that is read of one table of notes, in bytes.
    private static let notesByteCountLimit: UInt64 = 64 << 10

    /// Returns the notes in segments, and in sections outside of these.
    func notes(of tables: HeaderTables) throws(Problem) -> [Note] {
        var places = tables.programHeaders.filter { $0.type == .note }
            .map { (start: $0.fileOffset, count: $0.fileByteCount, alignment: $0.alignment) }
        for section in tables.sectionHeaders where section.type == SectionHeader.note {
            let isKnown = places.contains {
                $0.start <= section.offset && section.offset - $0.start < $0.count
            }
            if !isKnown { places.append((section.offset, section.byteCount, section.alignment)) }
        }
        var notes: [Note] = []
        for (start, count, alignment) in places {
            let count = min(count, Self.notesByteCountLimit)
            guard let range = Range(start: start, count: count, limit: byteCount) else { continue }
            notes += Note.all(
                in: try bytes(in: range), at: start, alignment: alignment == 8 ? 8 : 4)
        }
        return notes
    }

    /// The first half of each request's identifier (Limine boot protocol, "Requests").
    private static let limineMagic: UInt64 = 0xc7b1_dd30_df4c_8b88
    private static let limineMagicEnd: UInt64 = 0x0a82_e883_a194_f07b
    /// How much of all segments is searched, and how much of it at once, in bytes.
    private static let searchedByteCount: UInt64 = 4 << 20
    private static let blockByteCount: UInt64 = 32 << 10

    /// Returns the offset of the first request, if the file has any.
    ///
    /// The loader writes to requests, so data is searched before code.
    func limineRequest(in tables: HeaderTables) throws(Problem) -> UInt64? {
        let loads = tables.programHeaders.filter { $0.type == .load }
        let isWritable = { (header: ProgramHeader) in
            LoadSegment.Permissions(rawValue: header.flags).contains(.write)
        }
        var left = Self.searchedByteCount
        for header in loads.filter(isWritable) + loads.filter({ !isWritable($0) }) {
            guard let range = try? header.fileRange(fileByteCount: byteCount) else { continue }
            let end = range.lowerBound + min(range.byteCount, left)
            // Requests are aligned in memory.
            let start = range.lowerBound + (0 &- header.virtualAddress) % 8
            if start < end, let offset = try limineRequest(in: start..<end) { return offset }
            left -= end - range.lowerBound
        }
        return nil
    }

    private func limineRequest(in range: Range<UInt64>) throws(Problem) -> UInt64? {
        var block: [UInt8] = []
        var start = range.lowerBound
        while range.upperBound - start >= 16 {
            let count = Int(min(Self.blockByteCount, range.upperBound - start))
            if block.count != count { block = [UInt8](repeating: 0, count: count) }
            try fill(&block, from: start..<start + UInt64(count))
            if let offset = Self.limineRequest(in: block.span.bytes) {
                return start + UInt64(offset)
            }
            // The second word may be in the next block.
            start += UInt64(count / 8 - 1) * 8
        }
        return nil
    }

    private static func limineRequest(in bytes: RawSpan) -> Int? {
        let start = SIMD16<UInt32>(repeating: UInt32(truncatingIfNeeded: limineMagic))
        var offset = 0
        while offset + 16 <= bytes.byteCount {
            // Compares 64 bytes at once: a word at a time takes three times as many instructions.
            if offset + 64 <= bytes.byteCount,
                !any(
                    bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type(of: start)) .== start
                )
            {
                offset += 64
                continue
            }
            if bytes.littleEndian(at: offset) == limineMagic,
                bytes.littleEndian(at: offset + 8) == limineMagicEnd
            {
                return offset
            }
            offset += 8
        }
        return nil
    }
}
