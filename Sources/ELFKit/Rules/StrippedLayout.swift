/// The layout of a file without its debug sections (gABI, "Sections").
///
/// Linkers write sections that are not loaded after everything that is, one after the other, then
/// the section header table. Debug sections are omitted only from a file in that order, so no byte
/// is lost that is not in a section.
struct StrippedLayout {
    /// A part of the file after everything that is loaded.
    struct Part {
        /// The section's index; `nil` for the section header table.
        let section: Int?
        /// The part's range in the original file.
        let range: Range<UInt64>
        /// At least 1.
        let alignment: UInt64

        /// Returns the first aligned offset at or after `end`.
        fileprivate func nextOffset(from end: UInt64) -> UInt64 {
            (end + alignment - 1) / alignment * alignment
        }
    }

    /// The maximum alignment; sections that are not loaded need no more.
    private static let alignmentLimit: UInt64 = 4096

    /// The number of bytes at the start that stay in place; they include everything loaded.
    let unchangedByteCount: UInt64
    /// The remaining parts, in order, with their new offsets.
    let kept: [(part: Part, offset: UInt64)]
    /// The indices of the omitted sections; not empty.
    let droppedSections: Set<Int>
    /// Size of the file without them, in bytes.
    let byteCount: UInt64

    /// Plans the file; `nil` if there is nothing to omit or the order is unknown.
    init?(_ tables: HeaderTables, names: [UInt8]) {
        let loaded = tables.endOfLoaded
        guard let parts = tables.parts(behind: loaded),
            let start = parts.first?.range.lowerBound, start >= loaded
        else { return nil }
        var (dropped, kept): (Set<Int>, [(Part, UInt64)]) = ([], [])
        var (end, newEnd) = (start, start)
        for part in parts {
            // Only padding may precede it.
            guard part.alignment <= Self.alignmentLimit,
                part.range.lowerBound == part.nextOffset(from: end)
            else { return nil }
            end = part.range.upperBound
            if let index = part.section, tables.sectionHeaders[index].isForDebugging(names: names) {
                dropped.insert(index)
            } else {
                let offset = part.nextOffset(from: newEnd)
                kept.append((part, offset))
                newEnd = offset + part.range.byteCount
            }
        }
        guard end == tables.fileByteCount, newEnd < end, !tables.refer(to: dropped) else {
            return nil
        }
        unchangedByteCount = start
        self.kept = kept
        droppedSections = dropped
        byteCount = newEnd
    }
}

extension HeaderTables {
    /// The end of everything that must keep its offset: headers, segments, sections in memory.
    fileprivate var endOfLoaded: UInt64 {
        sectionHeaders
            .filter { $0.isLoaded && $0.hasContents }
            .map { $0.fileRange(fileByteCount: .max)?.upperBound ?? .max }
            .reduce(max(FileHeader.byteCount, programHeaderTable.upperBound, endOfSegments), max)
    }

    /// Returns the parts that end after `loaded`, in the order of the file; `nil` if one is outside
    /// the file.
    fileprivate func parts(behind loaded: UInt64) -> [StrippedLayout.Part]? {
        var parts = [
            StrippedLayout.Part(
                section: nil, range: sectionHeaderTable, alignment: SectionHeader.tableAlignment)
        ]
        for (index, section) in sectionHeaders.enumerated()
        where !section.isLoaded && section.hasContents {
            guard let range = section.fileRange(fileByteCount: fileByteCount) else { return nil }
            if range.upperBound > loaded {
                parts.append(
                    .init(section: index, range: range, alignment: max(section.alignment, 1)))
            }
        }
        // An empty section comes before another one at the same offset.
        return parts.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
    }

    /// Whether anything that remains refers to one of these sections.
    fileprivate func refer(to sections: Set<Int>) -> Bool {
        sections.contains(Int(header.sectionNameIndex))
            || sectionHeaders.indices.contains { index in
                !sections.contains(index)
                    && !sections.isDisjoint(with: sectionHeaders[index].references)
            }
    }
}

extension SectionHeader {
    /// Whether it may have bytes in the file.
    fileprivate var hasContents: Bool { type != Self.null && type != Self.noBits }

    /// The indices of the sections that it refers to.
    fileprivate var references: [Int] {
        let infoIsSection = Self.relocations.contains(type) || flags & Self.infoIsSection != 0
        return [Int(link)] + (infoIsSection ? [Int(info)] : [])
    }
}
