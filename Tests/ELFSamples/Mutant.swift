import TestSupport

/// A kernel with some structures changed; the same number always gives the same mutant.
package struct Mutant {
    package let number: UInt64
    let seed: MutantSeed
    package private(set) var file: [UInt8]
    private var random: SplitMix64

    private var tables: [ELFTable] { seed.tables }

    package init(number: UInt64, of family: MutantSeed.Family = .plain) {
        self.init(number: number, of: family.seeds)
    }

    package init(number: UInt64, of seeds: [MutantSeed]) {
        self.number = number
        random = SplitMix64(state: number &* 0x1000_0000_01b3)
        seed = seeds[Int(number % UInt64(seeds.count))]
        file = seed.file
        // Mostly one change, so its effect is not hidden by another one.
        repeat { change() } while random.next() % 3 == 0
        // A wrong checksum hides the header.
        if random.next() % 4 > 0 { seed.sums.forEach { correct($0) } }
    }

    private mutating func change() {
        switch random.next() % 16 {
        case 0..<9: setField()
        case 9: swapEntries()
        case 10: duplicateEntry()
        case 11: swapFields()
        case 12: makeSegmentsMeet()
        case 13: cutOrExtend()
        default: flipBits()
        }
    }

    /// Sets one field of one entry to a boundary value.
    private mutating func setField() {
        let range = randomField()
        let numbers = NumbersAtBoundaries(file: file, tables: tables)
        file.store(numbers.next(near: file.number(in: range), &random), in: range)
    }

    private mutating func swapEntries() {
        let (first, second) = twoEntries()
        let bytes = Array(file[first])
        file.replaceSubrange(first, with: file[second])
        file.replaceSubrange(second, with: bytes)
    }

    private mutating func duplicateEntry() {
        let (first, second) = twoEntries()
        file.replaceSubrange(first, with: file[second])
    }

    /// Swaps two fields, possibly of different tables.
    private mutating func swapFields() {
        let (first, second) = (randomField(), randomField())
        let (one, other) = (file.number(in: first), file.number(in: second))
        file.store(one, in: second)
        file.store(other, in: first)
    }

    /// Moves a segment in memory to about where another one starts or ends.
    private mutating func makeSegmentsMeet() {
        let segments = tables[1]
        let (moved, other) = (random.index(segments.count), random.index(segments.count))
        let address = file.number(in: segments.range(ofField: 3, inEntry: other))
        let isBehind = random.next() % 2 == 0
        let byteCount = file.number(
            in: segments.range(ofField: 6, inEntry: isBehind ? other : moved))
        let edge = isBehind ? address &+ byteCount : address &- byteCount
        let field = segments.range(ofField: 3, inEntry: moved)
        file.store(edge &+ NumbersAtBoundaries.distance(&random), in: field)
        // Without alignment, the rule on address and offset does not apply.
        file.store(random.next() % 2, in: segments.range(ofField: 7, inEntry: moved))
    }

    /// Truncates the file near the edge of an entry, or appends a few zeroes.
    private mutating func cutOrExtend() {
        if random.next() % 4 == 0 {
            return file += [UInt8](repeating: 0, count: random.index(200))
        }
        let edge = UInt64(randomEntry().upperBound) &+ NumbersAtBoundaries.distance(&random)
        file = Array(file.prefix(Int(min(edge, UInt64(file.count)))))
    }

    /// Sets a checksum so that the sum is 0 again.
    private mutating func correct(_ sum: ELFTable) {
        let fields = sum.widths.indices.map { sum.range(ofField: $0, inEntry: 0) }
        let others = fields.dropLast().reduce(UInt64(0)) { $0 &+ file.number(in: $1) }
        file.store(0 &- others, in: fields[fields.count - 1])
    }

    private mutating func flipBits() {
        guard !file.isEmpty else { return }
        for _ in 0...random.index(4) {
            file[random.index(file.count)] ^= 1 << UInt8(random.index(8))
        }
    }
}

extension Mutant {
    private mutating func randomEntry() -> Range<Int> {
        let table = randomTable()
        return file.clamp(table.range(ofEntry: random.index(table.count)))
    }

    private mutating func randomField() -> Range<Int> {
        let table = randomTable()
        return file.clamp(
            table.range(
                ofField: random.index(table.widths.count), inEntry: random.index(table.count)))
    }

    /// Two entries of the same table, of the same size; both are empty if the file ends before.
    private mutating func twoEntries() -> (Range<Int>, Range<Int>) {
        let table = randomTable()
        let first = table.range(ofEntry: random.index(table.count))
        let second = table.range(ofEntry: random.index(table.count))
        let end = max(first.upperBound, second.upperBound)
        return end <= file.count ? (first, second) : (0..<0, 0..<0)
    }

    private mutating func randomTable() -> ELFTable { tables[random.index(tables.count)] }
}

extension [UInt8] {
    /// The part of the range that is in the file.
    fileprivate func clamp(_ range: Range<Int>) -> Range<Int> { range.clamped(to: indices) }

    /// The little-endian number in the range, at most 8 bytes.
    func number(in range: Range<Int>) -> UInt64 {
        self[clamp(range)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    fileprivate mutating func store(_ number: UInt64, in range: Range<Int>) {
        for (shift, index) in clamp(range).enumerated() {
            self[index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift)))
        }
    }
}

extension SplitMix64 {
    /// A random number below the count, which must not be 0.
    mutating func index(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
