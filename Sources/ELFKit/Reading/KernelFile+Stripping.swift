extension KernelFile {
    /// Returns the file without debug sections, with updated headers.
    func strippedFile(
        _ layout: StrippedLayout, _ tables: HeaderTables
    ) throws(Problem) -> StrippedFile {
        var pieces: [StrippedFile.Piece] = []
        var end = layout.unchangedByteCount
        for (part, offset) in layout.kept {
            if offset > end {
                pieces.append(.bytes([UInt8](repeating: 0, count: Int(offset - end))))
            }
            if part.section == nil {
                let table = try bytes(in: part.range)
                pieces.append(.bytes(layout.sectionHeaders(changing: table)))
            } else {
                pieces.append(.source(part.range))
            }
            end = offset + part.range.byteCount
        }
        var header = try bytes(in: 0..<FileHeader.byteCount)
        header.store(layout.sectionHeaderOffset, at: FileHeader.sectionHeaderOffsetPlace)
        pieces =
            [.bytes(header), .source(FileHeader.byteCount..<layout.unchangedByteCount)] + pieces
        return StrippedFile(pieces: pieces, byteCount: layout.byteCount)
    }
}

extension StrippedLayout {
    fileprivate var sectionHeaderOffset: UInt64 {
        kept.first { $0.part.section == nil }?.offset ?? 0
    }

    /// Returns the table with new offsets, and with zeroes for omitted sections.
    fileprivate func sectionHeaders(changing table: [UInt8]) -> [UInt8] {
        var table = table
        for (part, offset) in kept {
            guard let index = part.section else { continue }
            table.store(offset, at: index * SectionHeader.byteCount + SectionHeader.offsetPlace)
        }
        for index in droppedSections {
            let start = index * SectionHeader.byteCount
            let zeroes = repeatElement(UInt8(0), count: SectionHeader.byteCount)
            table.replaceSubrange(start..<start + SectionHeader.byteCount, with: zeroes)
        }
        return table
    }
}

extension [UInt8] {
    /// Stores a little-endian number in the 8 bytes at that offset.
    fileprivate mutating func store(_ number: UInt64, at offset: Int) {
        for index in 0..<8 {
            self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
        }
    }
}
