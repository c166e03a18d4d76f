/// Kernels at addresses that firmware may use: they are copied there after it is left.
extension FrameAllocator {
    /// Puts nothing of the loader into a range from now on; refuses one that is not all free.
    mutating func keepFree(
        _ range: Range<PhysicalAddress>, in free: FreeMemory
    ) throws(BootError) {
        guard try isFree(range, in: free) else {
            throw BootError(
                .kernel, "its physical memory is not all free, from",
                found: range.lowerBound.rawValue)
        }
        try avoid(range)
    }

    /// A free place at a multiple of `alignment`, a power of two: the lowest or the highest; nil if
    /// there is none.
    mutating func findPlace(
        byteCount: UInt64, alignment: UInt64, in bounds: Range<PhysicalAddress>, isLowest: Bool,
        _ free: FreeMemory
    ) throws(BootError) -> PhysicalAddress? {
        var found: PhysicalAddress?
        var run = PhysicalAddress(0)..<PhysicalAddress(0)
        try platform.forEachRange { range, role in
            guard free.contains(role) else { return }
            run = (range.lowerBound == run.upperBound ? run : range).lowerBound..<range.upperBound
            let first = max(run.lowerBound, bounds.lowerBound).roundedUp(to: alignment)
            let last = min(run.upperBound, bounds.upperBound)
            guard first < last, last - first >= byteCount else { return }
            if isLowest {
                found = min(found ?? first, first)
            } else {
                let start = (last - byteCount).roundedDown(to: alignment)
                found = max(found ?? start, start)
            }
        }
        return found
    }

    /// Whether all of a range is free memory.
    mutating func isFree(
        _ range: Range<PhysicalAddress>, in free: FreeMemory
    ) throws(BootError) -> Bool {
        var byteCount: UInt64 = 0
        try platform.forEachRange { other, role in
            guard free.contains(role), other.overlaps(range) else { return }
            byteCount += other.clamped(to: range).byteCount
        }
        return byteCount >= range.byteCount
    }

    /// The file, or a copy of it where it overlaps no such range and is within reach.
    mutating func movedOutOfTheWay(
        _ file: PhysicalMemory, of range: Range<PhysicalAddress>, in reach: MemoryReach
    ) throws(BootError) -> PhysicalMemory {
        let isReachable = file.end.rawValue - 1 <= reach.rawValue
        if isReachable, !(file.start..<file.end).overlaps(range) { return file }
        let copy = try allocate(byteCount: file.byteCount, in: reach)
        copy.copy(from: file)
        return copy
    }
}
