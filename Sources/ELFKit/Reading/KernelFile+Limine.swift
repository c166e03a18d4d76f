extension KernelFile {
    /// How much of a segment is searched at once, in bytes.
    private static let blockByteCount: UInt64 = 32 << 10

    /// Returns what the segments ask of Limine; `nil` if that is nothing.
    ///
    /// Not more bytes are searched than the file has, even if segments share them.
    func limineRequests(in tables: HeaderTables) throws(Problem) -> LimineRequests? {
        var (found, misaligned): ([LimineStructure], [LimineRequests.Place]) = ([], [])
        var left = byteCount
        let loads = tables.programHeaders.filter { $0.type == .load }
        for header in loads.sorted(by: { $0.virtualAddress < $1.virtualAddress }) {
            guard let range = try? header.fileRange(fileByteCount: byteCount) else { continue }
            let end = range.lowerBound + min(range.byteCount, left)
            left -= end - range.lowerBound
            // Structures are aligned in memory.
            let start = range.lowerBound + (0 &- header.virtualAddress) % 4
            try forEachCandidate(from: start, to: end) { (offset) throws(Problem) in
                let place = LimineRequests.Place(
                    offset: offset, address: header.virtualAddress &+ (offset - range.lowerBound))
                guard let structure = try limineStructure(at: place, before: end) else {
                    return true
                }
                if place.address.isMultiple(of: 8) {
                    found.append(structure)
                } else {
                    misaligned.append(place)
                }
                return found.count + misaligned.count < LimineStructure.limit
            }
        }
        if found.isEmpty, misaligned.isEmpty { return nil }
        // Segments may overlap, in a kernel that is then refused.
        found.sort {
            ($0.place.address, $0.place.offset) < ($1.place.address, $1.place.offset)
        }
        return LimineRequests(found, misaligned: misaligned)
    }

    /// Calls `body` with each place where a structure may start, until it returns false.
    private func forEachCandidate(
        from start: UInt64, to end: UInt64, _ body: (UInt64) throws(Problem) -> Bool
    ) throws(Problem) {
        var block: [UInt8] = []
        var start = start
        while start < end, end - start >= 8 {
            let count = Int(min(Self.blockByteCount, end - start))
            if block.count != count { block = [UInt8](repeating: 0, count: count) }
            try fill(&block, from: start..<start + UInt64(count))
            var next = 0
            while let offset = LimineStructure.next(in: block.span.bytes, from: next) {
                guard try body(start + UInt64(offset)) else { return }
                next = offset + 4
            }
            // A word may continue in the next block.
            start += UInt64(count / 4 - 1) * 4
        }
    }

    private func limineStructure(
        at place: LimineRequests.Place, before end: UInt64
    ) throws(Problem) -> LimineStructure? {
        let count = min(UInt64(LimineStructure.wordLimit), (end - place.offset) / 8)
        let bytes = try bytes(in: place.offset..<place.offset + count * 8)
        let words = stride(from: 0, to: bytes.count, by: 8).map { offset -> UInt64 in
            bytes.span.bytes.littleEndian(at: offset)
        }
        return LimineStructure(words, at: place)
    }
}
