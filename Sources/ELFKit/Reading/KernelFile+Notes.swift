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
}
