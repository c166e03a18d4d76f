/// Where everything goes in a file whose debugging sections are left out (gABI, "Sections").
///
/// Linkers put sections that are not loaded behind all that is, one after the other, then the
/// section header table. Of a file in that order, and of no other, debugging sections are left out:
/// so nothing is lost that a section header does not tell of.
struct StrippedLayout {
    /// Something that lies behind what is loaded.
    struct Part {
        /// The number of the section; `nil` for the section header table.
        let section: Int?
        /// Where it lies in the whole file.
        let range: Range<UInt64>
        /// At least 1.
        let alignment: UInt64

        /// The first offset, not before `end`, at which it may lie.
        fileprivate func nextOffset(from end: UInt64) -> UInt64 {
            (end + alignment - 1) / alignment * alignment
        }
    }

    /// Sections that are not loaded have no use for more.
    private static let alignmentLimit: UInt64 = 4096

    /// How many bytes at the file's start stay where they are: all that is loaded is in them.
    let unchangedByteCount: UInt64
    /// What is kept behind them, in order, and where each part goes.
    let kept: [(part: Part, offset: UInt64)]
    /// The numbers of the sections that are left out; not empty.
    let droppedSections: Set<Int>
    /// The size of the file without them.
    let byteCount: UInt64

    /// Plans the file; `nil` if nothing is to be left out, or nothing can be.
    init?(_ tables: HeaderTables, names: [UInt8], fileByteCount: UInt64) {
        let loaded = tables.endOfLoaded
        guard let parts = tables.parts(behind: loaded, fileByteCount: fileByteCount),
            let start = parts.first?.range.lowerBound, start >= loaded
        else { return nil }
        var (dropped, kept): (Set<Int>, [(Part, UInt64)]) = ([], [])
        var (end, newEnd) = (start, start)
        for part in parts {
            // Nothing but padding is before it.
            guard part.alignment <= Self.alignmentLimit,
                part.range.lowerBound == part.nextOffset(from: end)
            else { return nil }
            end = part.range.upperBound
            if let index = part.section, tables.isForDebugging(index, names: names) {
                dropped.insert(index)
            } else {
                let offset = part.nextOffset(from: newEnd)
                kept.append((part, offset))
                newEnd = offset + part.range.byteCount
            }
        }
        guard end == fileByteCount, newEnd < end, !tables.refer(to: dropped) else { return nil }
        unchangedByteCount = start
        self.kept = kept
        droppedSections = dropped
        byteCount = newEnd
    }
}

extension HeaderTables {
    /// The end of what must stay at its offset: headers, segments, sections in memory.
    fileprivate var endOfLoaded: UInt64 {
        sectionHeaders
            .filter { $0.isLoaded && $0.hasContents }
            .map { Range(start: $0.offset, count: $0.byteCount)?.upperBound ?? .max }
            .reduce(max(FileHeader.byteCount, programHeaderTable.upperBound, endOfSegments), max)
    }

    /// What does not end before `loaded`, in the order of the file; `nil` if a part is outside.
    fileprivate func parts(
        behind loaded: UInt64, fileByteCount: UInt64
    ) -> [StrippedLayout.Part]? {
        var parts = [
            StrippedLayout.Part(
                section: nil, range: sectionHeaderTable, alignment: SectionHeader.tableAlignment)
        ]
        for (index, section) in sectionHeaders.enumerated()
        where !section.isLoaded && section.hasContents {
            guard
                let range = Range(
                    start: section.offset, count: section.byteCount, limit: fileByteCount)
            else { return nil }
            if range.upperBound > loaded {
                parts.append(
                    .init(section: index, range: range, alignment: max(section.alignment, 1)))
            }
        }
        // A section without a byte comes before the one at the same offset.
        return parts.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
    }

    fileprivate func isForDebugging(_ index: Int, names: [UInt8]) -> Bool {
        DebuggingSections.contain(name: names.dropFirst(Int(sectionHeaders[index].nameOffset)))
    }

    /// Whether something that is kept needs one of these sections.
    fileprivate func refer(to sections: Set<Int>) -> Bool {
        sections.contains(Int(header.sectionNameIndex))
            || sectionHeaders.indices.contains { index in
                !sections.contains(index)
                    && !sections.isDisjoint(with: sectionHeaders[index].references)
            }
    }
}

extension SectionHeader {
    fileprivate var isLoaded: Bool { flags & Self.allocated != 0 }

    /// Whether its bytes, if it has any, are in the file.
    fileprivate var hasContents: Bool { type != Self.null && type != Self.noBits }

    /// The numbers of the sections that it names.
    fileprivate var references: [Int] {
        let infoIsSection = Self.relocations.contains(type) || flags & Self.infoIsSection != 0
        return [Int(link)] + (infoIsSection ? [Int(info)] : [])
    }
}
