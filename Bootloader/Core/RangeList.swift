/// Up to 256 address ranges, kept in one page of memory; adjacent ranges are joined.
struct RangeList<Bound: Address> {
    private var ranges: MemoryArray<Range<Bound>>
    private(set) var count = 0

    /// Keeps the list in the page at `storage`.
    init(storage: PhysicalAddress) {
        ranges = MemoryArray(PhysicalMemory(storage, PageCount(1)))
    }

    /// Continues in the page at `storage`, to which the list was copied.
    mutating func move(to storage: PhysicalAddress) {
        ranges = MemoryArray(PhysicalMemory(storage, PageCount(1)))
    }

    subscript(index: Int) -> Range<Bound> { ranges[index] }

    /// Adds a range that overlaps no other.
    mutating func insert(_ range: Range<Bound>) throws(BootError) {
        for index in 0..<count {
            let other = ranges[index]
            if other.upperBound == range.lowerBound || range.upperBound == other.lowerBound {
                let end = max(other.upperBound, range.upperBound)
                ranges[index] = min(other.lowerBound, range.lowerBound)..<end
                return
            }
        }
        guard count < ranges.count else {
            throw BootError(.memory, "too many ranges", count: UInt64(count) + 1)
        }
        ranges[count] = range
        count += 1
    }

    /// The first range in the list that shares an address with `range`.
    func firstOverlap(with range: Range<Bound>) -> Range<Bound>? {
        for index in 0..<count where ranges[index].overlaps(range) { return ranges[index] }
        return nil
    }
}
