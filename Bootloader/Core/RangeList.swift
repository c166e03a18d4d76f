/// Address ranges kept in one page of memory: at most 256, those that touch joined.
struct RangeList {
    private static let capacity = Int(pageSize) / MemoryLayout<Range<UInt64>>.stride

    private let ranges: UnsafeMutablePointer<Range<UInt64>>
    private(set) var count = 0

    /// Keeps the list in the page at `storage`.
    init(storage: UInt64) {
        ranges = storage.pointer.bindMemory(to: Range<UInt64>.self, capacity: Self.capacity)
    }

    subscript(index: Int) -> Range<UInt64> { ranges[index] }

    /// Adds a range that overlaps no other.
    mutating func insert(_ range: Range<UInt64>) throws(BootError) {
        for index in 0..<count {
            if ranges[index].upperBound == range.lowerBound {
                ranges[index] = ranges[index].lowerBound..<range.upperBound
                return
            }
            if range.upperBound == ranges[index].lowerBound {
                ranges[index] = range.lowerBound..<ranges[index].upperBound
                return
            }
        }
        guard count < Self.capacity else {
            throw BootError(.memory, "too many ranges", found: UInt64(count) + 1)
        }
        ranges[count] = range
        count += 1
    }

    /// The first range in the list that shares an address with `range`.
    func firstOverlap(with range: Range<UInt64>) -> Range<UInt64>? {
        for index in 0..<count where ranges[index].overlaps(range) { return ranges[index] }
        return nil
    }
}
