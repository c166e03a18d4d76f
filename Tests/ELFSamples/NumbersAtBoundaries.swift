import TestSupport

/// Numbers at the boundaries of rules.
struct NumbersAtBoundaries {
    let file: [UInt8]
    let tables: [ELFTable]

    /// Returns such a number, possibly one near the field's old value.
    func next(near old: UInt64, _ random: inout SplitMix64) -> UInt64 {
        let distance = Self.distance(&random)
        switch random.next() % 8 {
        case 0: return Self.extremes[random.index(Self.extremes.count)]
        case 1: return Self.edges[random.index(Self.edges.count)] &+ distance
        case 2: return UInt64(file.count) &+ distance
        case 3: return otherField(&random)
        case 4: return edgeOfSegment(&random) &+ distance
        case 5: return random.next() % 64
        case 6: return 1 << (random.next() % 64)
        default: return old &+ distance
        }
    }

    /// 0, or the size of some structure, positive or negative.
    static func distance(_ random: inout SplitMix64) -> UInt64 {
        let distance = distances[random.index(distances.count)]
        return random.next() % 2 == 0 ? distance : 0 &- distance
    }

    private static let distances: [UInt64] = [0, 1, 1, 2, 7, 8, 16, 24, 56, 64, 0xfff, 0x1000]

    /// 0, 1, and the maximum and sign bit of each width.
    private static let extremes: [UInt64] = [
        0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfeff, 0xff00, 0xffff, 0x7fff_ffff, 0x8000_0000,
        0xffff_ffff, .max >> 1, 1 << 63, .max,
    ]

    /// The ends of the halves of the address space, 512 GiB, and `PT_GNU_RELRO`.
    private static let edges: [UInt64] = [1 << 47, 0 &- (1 << 47), 512 << 30, 0x6474_e552]

    /// The value of another field.
    private func otherField(_ random: inout SplitMix64) -> UInt64 {
        let table = tables[random.index(tables.count)]
        return file.number(
            in: table.range(
                ofField: random.index(table.widths.count), inEntry: random.index(table.count)))
    }

    /// The start or end of a segment, in the file or in memory.
    private func edgeOfSegment(_ random: inout SplitMix64) -> UInt64 {
        let (segments, isInMemory) = (tables[1], random.next() % 2 == 0)
        let index = random.index(segments.count)
        let start = file.number(in: segments.range(ofField: isInMemory ? 3 : 2, inEntry: index))
        let size = file.number(in: segments.range(ofField: isInMemory ? 6 : 5, inEntry: index))
        return random.next() % 2 == 0 ? start : start &+ size
    }
}
