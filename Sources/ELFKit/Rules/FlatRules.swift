/// The rules of kernels that a board's firmware loads as a flat file (Raspberry Pi documentation,
/// "config.txt"; Linux, "Booting AArch64 Linux").
extension HeaderTables {
    /// The end of the memory that every board has, below the devices of the smallest.
    private static let memoryEnd: UInt64 = 0x3F00_0000
    /// The most zeroes between segments: they are part of the file.
    private static let gapLimit: UInt64 = 16 << 20

    /// Returns the flat kernel of these segments; `image` is the header that it starts with.
    func flatKernel(
        _ segments: [LoadSegment], _ image: ImageHeader?
    ) throws(Problem) -> FlatKernel {
        let loaded = segments.filter { $0.fileByteCount > 0 }
        guard let first = loaded.first, let last = loaded.last else {
            throw .segment(.nothingToLoad)
        }
        let start = first.virtualAddress
        let end = segments.reduce(start) { max($0, $1.memoryRange.upperBound) }
        guard image != nil || kind == .executable else { throw .flat(.positionIndependent) }
        if let image {
            try check(image, of: first, memoryByteCount: end - start)
        } else {
            try check(segments, startingWith: first)
        }
        try checkFlatEntry(start)
        return FlatKernel(
            loadAddress: start, byteCount: last.virtualAddress + last.fileByteCount - start,
            memoryByteCount: end - start, hasHeader: image != nil,
            pieces: try Self.pieces(loaded))
    }

    /// Returns the segments at their physical addresses, by ascending address.
    func flatSegments() throws(Problem) -> [LoadSegment] {
        guard (architecture, wordSize) == (.aarch64, .bits64) else {
            throw .flat(.architecture(architecture, wordSize))
        }
        let segments = try physicalSegments(below: .max, ProblemCollector(stopsAtFirst: true)) {
            .flat(
                .memory(
                    $0.id, address: $0.physicalAddress, byteCount: $0.memoryByteCount, limit: .max))
        }
        return segments ?? []
    }

    private func check(
        _ image: ImageHeader, of first: LoadSegment, memoryByteCount: UInt64
    ) throws(Problem) {
        let place = first.virtualAddress &- image.placeOffset
        guard place.isMultiple(of: ImageHeader.unit) else {
            throw .flat(
                .imageAddress(first.id, first.virtualAddress, textOffset: image.placeOffset))
        }
        guard image.imageByteCount == 0 || image.imageByteCount >= memoryByteCount else {
            throw .flat(.imageSize(image.imageByteCount, needed: memoryByteCount))
        }
    }

    private func check(
        _ segments: [LoadSegment], startingWith first: LoadSegment
    ) throws(Problem) {
        let allowed = FlatKernel.standardLoadAddress
        guard first.virtualAddress == allowed else {
            throw .flat(.address(first.id, first.virtualAddress, allowed: allowed))
        }
        if let high = segments.first(where: { $0.memoryRange.upperBound > Self.memoryEnd }) {
            throw .flat(
                .memory(
                    high.id, address: high.virtualAddress, byteCount: high.memoryByteCount,
                    limit: Self.memoryEnd))
        }
    }

    /// Checks that the entry point, a virtual address or a physical one, is the first byte.
    private func checkFlatEntry(_ start: UInt64) throws(Problem) {
        let entry = header.entry
        let isPhysical = programHeaders.contains {
            $0.type == .load && entry >= $0.physicalAddress
                && entry - $0.physicalAddress < $0.memoryByteCount
        }
        let physical =
            physicalAddress(of: entry, within: \.memoryByteCount) ?? (isPhysical ? entry : nil)
        guard physical == start else {
            throw .flat(.entry(entry, physical: physical, allowed: start))
        }
    }

    /// The bytes of the segments, with zeroes between them.
    private static func pieces(_ segments: [LoadSegment]) throws(Problem) -> [StrippedFile.Piece] {
        var pieces: [StrippedFile.Piece] = []
        var gaps: UInt64 = 0
        for (index, segment) in segments.enumerated() {
            if index > 0 {
                let before = segments[index - 1]
                let gap = segment.virtualAddress - before.virtualAddress - before.fileByteCount
                gaps = gaps.addingReportingOverflow(gap).partialValue
                guard gap <= gapLimit, gaps <= gapLimit else {
                    throw .flat(.gaps(byteCount: max(gap, gaps), limit: gapLimit))
                }
                if gap > 0 { pieces.append(.bytes([UInt8](repeating: 0, count: Int(gap)))) }
            }
            pieces.append(.source(segment.fileRange))
        }
        return pieces
    }
}
