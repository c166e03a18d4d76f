import CMachine

/// Which parts of the kernel's address space are taken, and where there is room.
struct VirtualSpace {
    /// The first address beyond what the loader may map one to one.
    private static let defaultStart: UInt64 = 0x80_0000_0000
    private static let lowerHalfEnd: UInt64 = 0x0000_8000_0000_0000
    private static let upperHalfStart: UInt64 = 0xFFFF_8000_0000_0000

    /// What one entry of the level-4 table covers.
    private static let slot: UInt64 = 1 << 39

    private var taken: RangeList
    /// Surroundings of fixed mappings, which come later than some that have a choice.
    private var avoided: RangeList
    private let start: UInt64
    private let end: UInt64

    /// Keeps its two lists in the pages given.
    init(
        _ configuration: BootConfiguration, storage: UInt64, avoidedStorage: UInt64
    ) throws(BootError) {
        taken = RangeList(storage: storage)
        avoided = RangeList(storage: avoidedStorage)
        let lowest = configuration.dynamicRangeStart ?? Self.defaultStart
        end = min(configuration.dynamicRangeEnd ?? ~0, ~0 - pageSize)
        guard lowest.isCanonical, lowest < end else {
            throw BootError(.configuration, "dynamic range", found: lowest, allowed: end)
        }
        let room = min(end, lowest < Self.lowerHalfEnd ? Self.lowerHalfEnd : ~0) - lowest
        let slide = configuration.randomizesAddresses ? random_number() % max(room / 2, 1) : 0
        start = (lowest + slide).roundedUpToPage
        try configuration.forEachMapping { mapping throws(BootError) in try avoid(mapping) }
    }

    /// Keeps dynamic mappings out of the 512 GiB around a fixed one.
    private mutating func avoid(_ mapping: Mapping) throws(BootError) {
        guard case .fixed(let address) = mapping else { return }
        let start = min(address & ~(Self.slot - 1), ~0 - 2 * Self.slot)
        let range = start..<start + Self.slot
        if avoided.firstOverlap(with: range) == nil { try avoided.insert(range) }
    }

    /// Takes a range at a fixed address.
    mutating func take(_ address: UInt64, byteCount: UInt64) throws(BootError) {
        let (last, overflow) = address.addingReportingOverflow(max(byteCount, 1) - 1)
        guard !overflow, address.isCanonical, last.isCanonical,
            address >> 63 == last >> 63, last < ~0 - pageSize
        else { throw BootError(.addressSpace, "not a canonical range", found: address) }
        let range = address.pageStart..<(last + 1).roundedUpToPage
        if let other = taken.firstOverlap(with: range) {
            throw BootError(
                .addressSpace, "range is taken", found: address, allowed: other.upperBound)
        }
        try taken.insert(range)
    }

    /// The first address with room for `byteCount` bytes and a page unmapped on each side.
    func findRoom(byteCount: UInt64, alignment: UInt64 = pageSize) throws(BootError) -> UInt64 {
        var candidate = start + pageSize
        while true {
            candidate = (candidate + alignment - 1) & ~(alignment - 1)
            if candidate >= Self.lowerHalfEnd && candidate < Self.upperHalfStart {
                candidate = Self.upperHalfStart
            }
            let (last, overflow) = candidate.addingReportingOverflow(byteCount + pageSize)
            guard !overflow, last <= end else {
                throw BootError(.addressSpace, "no room left", found: byteCount)
            }
            let wanted = candidate - pageSize..<last
            guard
                let obstacle = taken.firstOverlap(with: wanted)
                    ?? avoided.firstOverlap(with: wanted)
            else { return candidate }
            candidate = obstacle.upperBound + pageSize
        }
    }

    /// Takes a range as the configuration asks.
    mutating func take(
        _ mapping: Mapping, byteCount: UInt64, alignment: UInt64 = pageSize
    ) throws(BootError) -> UInt64 {
        let address: UInt64
        switch mapping {
        case .dynamic: address = try findRoom(byteCount: byteCount, alignment: alignment)
        case .fixed(let fixed): address = fixed
        }
        guard address % pageSize == 0 else {
            throw BootError(
                .configuration, "address not page-aligned", found: address, allowed: pageSize)
        }
        try take(address, byteCount: byteCount)
        return address
    }
}
