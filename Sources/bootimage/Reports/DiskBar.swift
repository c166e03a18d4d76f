import DiskImage

/// A row of regions as a bar, to scale except for regions that would be too short to see.
struct DiskBar: Equatable {
    /// Columns that show one region, or several small ones.
    struct Block: Equatable {
        let regions: Range<Int>
        let columns: Range<Int>
    }

    let blocks: [Block]

    /// A bar of that width; no block is shorter than `minimum` columns.
    init(_ regions: [DiskRegion], width: Int, minimum: Int = 1) {
        let counts = regions.map { $0.sectors.count.value }
        let groups = Self.groups(counts, into: width / minimum)
        let sums = groups.map { group in counts[group].reduce(0, +) }
        let lengths = Self.lengths(sums, width: width, minimum: minimum)
        var end = 0
        blocks = zip(groups, lengths).map { group, length in
            defer { end += length }
            return Block(regions: group, columns: end..<end + length)
        }
    }

    /// Each region alone or, if there are more than the limit, with adjacent small ones in groups.
    ///
    /// A region of at least 2/limit of the whole stays alone: at most limit/2 do, with at most one
    /// group between two of them.
    private static func groups(_ counts: [UInt64], into limit: Int) -> [Range<Int>] {
        if counts.count <= limit { return counts.indices.map { $0..<$0 + 1 } }
        let least = 2 * Double(counts.reduce(0, +)) / Double(limit)
        var groups: [Range<Int>] = []
        var open = 0..<0
        var sum: UInt64 = 0
        func close() {
            if !open.isEmpty { groups.append(open) }
            (open, sum) = (open.upperBound..<open.upperBound, 0)
        }
        for (index, count) in counts.enumerated() {
            if Double(count) >= least { close() }
            open = open.lowerBound..<index + 1
            sum += count
            if Double(sum) >= least { close() }
        }
        close()
        return groups
    }

    /// The minimum for each, and the rest of the width in proportion to the sectors; the columns
    /// that rounding leaves go to those that lost most by it.
    private static func lengths(_ counts: [UInt64], width: Int, minimum: Int) -> [Int] {
        let total = Double(max(counts.reduce(0, +), 1))
        let rest = Double(width - counts.count * minimum)
        let shares = counts.map { Double($0) / total * rest }
        var lengths = shares.map { minimum + Int($0) }
        let missing = max(width - lengths.reduce(0, +), 0)
        let losses = shares.map { $0.truncatingRemainder(dividingBy: 1) }
        let losers = losses.indices.sorted { (losses[$1], $0) < (losses[$0], $1) }
        for index in losers.prefix(missing) { lengths[index] += 1 }
        return lengths
    }
}
