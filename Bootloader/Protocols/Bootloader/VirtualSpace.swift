import CMachine

/// Which parts of the kernel's address space are in use, and where there is room.
struct VirtualSpace {
    /// The first address above all those that the loader may map identically.
    private static let defaultStart = VirtualAddress(0x80_0000_0000)
    /// The end of the last page but one: an address after it can still be rounded up.
    private static let last = VirtualAddress(~0 - pageSize)

    /// The bytes that one entry of the level-4 table maps.
    private static let slot: UInt64 = 1 << 39

    private var taken: RangeList<VirtualAddress>
    /// The surroundings of fixed mappings, some of which are made after dynamic ones.
    private var avoided: RangeList<VirtualAddress>
    private let start: VirtualAddress
    private let end: VirtualAddress

    /// Keeps its two lists in the pages given.
    init(
        _ configuration: KernelConfiguration, storage: PhysicalAddress,
        avoidedStorage: PhysicalAddress
    ) throws(BootError) {
        taken = RangeList(storage: storage)
        avoided = RangeList(storage: avoidedStorage)
        let lowest = configuration.dynamicRangeStart ?? Self.defaultStart
        end = min(configuration.dynamicRangeEnd ?? Self.last, Self.last)
        guard lowest.isCanonical, lowest < end else {
            throw BootError(
                .kernelConfiguration, "invalid dynamic range", found: lowest.rawValue,
                allowed: end.rawValue)
        }
        let lowerEnd = Architecture.lowerHalfEnd
        let room = (lowest < lowerEnd ? min(end, lowerEnd) : end) - lowest
        let slide = configuration.randomizesAddresses ? random_number() % max(room / 2, 1) : 0
        start = (lowest + slide).roundedUpToPage
        let mappings = configuration.mappings
        for index in mappings.indices { try avoid(mappings[index]) }
    }

    /// Keeps dynamic mappings out of the 512 GiB around a fixed one.
    @inline(never)
    private mutating func avoid(_ mapping: Mapping?) throws(BootError) {
        guard case .fixed(let address) = mapping else { return }
        let start = min(address.roundedDown(to: Self.slot), VirtualAddress(~0 - 2 * Self.slot))
        let range = start..<start + Self.slot
        if avoided.firstOverlap(with: range) == nil { try avoided.insert(range) }
    }

    /// Takes the pages of a range.
    mutating func take(_ address: VirtualAddress, byteCount: UInt64) throws(BootError) {
        let byteCount = max(byteCount, 1)
        guard let range = address.range(byteCount: byteCount), address.isCanonical,
            case let last = range.upperBound - 1, last.isCanonical,
            address.rawValue >> 63 == last.rawValue >> 63, last < Self.last
        else { throw BootError(.addressSpace, "not a canonical range", found: address.rawValue) }
        let pages = address.pageStart..<range.upperBound.roundedUpToPage
        if let other = taken.firstOverlap(with: pages) {
            throw BootError(
                .addressSpace, "range is already in use", found: address.rawValue,
                allowed: other.upperBound.rawValue)
        }
        try taken.insert(pages)
    }

    /// Where a mapping can go: at its fixed address, or at the first with room for `byteCount`
    /// bytes and an unmapped page on each side.
    func place(
        _ mapping: Mapping, byteCount: UInt64, alignment: UInt64
    ) throws(BootError) -> VirtualAddress {
        if case .fixed(let address) = mapping { return address }
        var candidate = start + pageSize
        while true {
            candidate = candidate.roundedUp(to: alignment)
            if !candidate.isCanonical { candidate = Architecture.upperHalfStart }
            guard let range = candidate.range(byteCount: byteCount + pageSize),
                range.upperBound <= end
            else { throw BootError(.addressSpace, "no room left", count: byteCount) }
            let wanted = candidate - pageSize..<range.upperBound
            guard
                let obstacle = taken.firstOverlap(with: wanted)
                    ?? avoided.firstOverlap(with: wanted)
            else { return candidate }
            candidate = obstacle.upperBound + pageSize
        }
    }

    /// Takes a range where the configuration asks for it.
    mutating func take(
        _ mapping: Mapping, byteCount: UInt64, alignment: UInt64 = pageSize
    ) throws(BootError) -> VirtualAddress {
        let address = try place(mapping, byteCount: byteCount, alignment: alignment)
        guard address.offsetInPage == 0 else {
            throw BootError(
                .kernelConfiguration, "address is not a multiple of the page size",
                found: address.rawValue, allowed: pageSize)
        }
        try take(address, byteCount: byteCount)
        return address
    }
}

extension VirtualAddress {
    /// Whether one half of the address space has the address (Intel SDM 1, section 3.3.7.1; Arm
    /// ARM, section D8.1).
    var isCanonical: Bool {
        self < Architecture.lowerHalfEnd || self >= Architecture.upperHalfStart
    }
}
