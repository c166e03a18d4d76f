/// The rules of the Limine boot protocol, beyond those of every 64-bit kernel.
extension LimineRequests {
    /// The lowest address of a kernel that is not relocated.
    private static let lowestAddress: UInt64 = 0xffff_ffff_8000_0000

    /// Whether a request locates the entry point instead of the ELF header.
    var hasEntryPoint: Bool { requests.contains { $0.feature == .entryPoint } }

    /// The broken rules, of any severity, by which a loader refuses or ignores requests.
    var violations: [LimineViolation] {
        var found: [LimineViolation] = []
        if let start = startMarkers.last, let end = endMarkers.first, end.address < start.address {
            found.append(.endBeforeStart(start: start, end: end))
        }
        if let first = outside.first {
            found.append(.outsideMarkers(count: outside.count, first))
        }
        if let first = misaligned.first {
            found.append(.misaligned(count: misaligned.count, first))
        }
        if let first = baseRevisions.first, !Self.baseRevisions.contains(first.number) {
            found.append(.baseRevision(first))
        }
        found += baseRevisions.dropFirst().map { .secondBaseRevision($0) }
        var features: Set<LimineFeature> = []
        for request in requests {
            guard let feature = request.feature, !features.insert(feature).inserted else {
                continue
            }
            found.append(.secondRequest(request))
        }
        if let sectionOffset, baseRevision > 0 {
            found.append(.section(offset: sectionOffset, baseRevision: baseRevision))
        }
        return found
    }

    /// The broken rules, of any severity, on segments with ascending addresses.
    func violations(
        in segments: [LoadSegment], of kind: KernelELF.Kind
    ) -> [LimineViolation] {
        let upper = segments.first { $0.virtualAddress >> 63 == 1 }
        var found: [LimineViolation] = []
        if let first = segments.first, first.virtualAddress >> 63 == 0, let upper {
            found.append(.mixedHalves(lower: first.id, upper: upper.id))
        } else if kind == .executable {
            let low = segments.filter { $0.virtualAddress < Self.lowestAddress }
            found += low.map { .lowSegment($0.id, address: $0.virtualAddress) }
        }
        // The loader goes through the table once, and clears what is between segments.
        for (lower, upper) in zip(segments, segments.dropFirst()) where lower.index > upper.index {
            found.append(.segmentOrder(upper.id, address: upper.virtualAddress))
        }
        for (lower, upper) in zip(segments, segments.dropFirst())
        where lower.permissions != upper.permissions
            && (lower.memoryRange.upperBound - 1) / 4096 == upper.virtualAddress / 4096
        {
            found.append(
                .sharedPage(lower.id, upper.id, address: upper.virtualAddress / 4096 * 4096))
        }
        // Relocations may change the address in the file of a position-independent kernel.
        for request in requests where request.feature == .entryPoint && kind == .executable {
            let entry = request.fields.first?.value ?? 0
            let code = segments.filter { $0.permissions.contains(.execute) }
            if !code.contains(where: { $0.memoryRange.contains(entry) }) {
                found.append(.entryOutside(request.place, entry))
            }
        }
        return found
    }
}
