extension LimineViolation {
    var finding: Finding {
        switch self {
        case .endBeforeStart(let start, let end):
            finding(
                .limineMarkers, at: end, hex(end.address), "above \(hex(start.address))",
                "the end marker comes before the start marker at address \(hex(start.address))")
        case .baseRevision(let tag):
            finding(.limineBaseRevision, at: tag.place, "\(tag.number)", Self.baseRevisions)
        case .secondBaseRevision(let tag):
            finding(
                .limineBaseRevisionDuplicate, at: tag.place, "a second tag", "one tag",
                "a second base revision, \(tag.number)")
        case .secondRequest(let request):
            finding(
                .limineRequestDuplicate, at: request.place, request.name, "once",
                "a second request of \(request.name)")
        case .segmentOrder(let id, let address):
            Finding(
                .limineSegmentOrder, at: "\(id)", hex(address), "above the segments before it",
                "address \(hex(address)) must be above those of the segments before it")
        case .lowSegment(let id, let address):
            Finding(
                .limineLowerHalf, at: "\(id)", hex(address), "at least 0xffffffff80000000")
        case .mixedHalves(let lower, let upper):
            Finding(
                .limineMixedHalves, at: "\(lower) and \(upper)", "both halves", "the upper half",
                "are in different halves of the address space")
        case .entryOutside(let place, let entry):
            finding(
                .limineEntryPoint, at: place, hex(entry), "an address in a segment with PF_X",
                "the requested entry point \(hex(entry)) is in no executable segment")
        case .sharedPage(let lower, let upper, let address):
            Finding(
                .liminePagePermissions, at: "\(lower) and \(upper)", hex(address),
                "pages of their own", "share the page \(hex(address)) with different permissions")
        case .outsideMarkers(let count, let place):
            finding(
                .limineOutsideMarkers, at: place, "\(count) outside", "none",
                "\(count) \(count == 1 ? "request or tag is" : "requests or tags are") outside of "
                    + "the markers or cut off, and ignored")
        case .misaligned(let count, let place):
            finding(
                .limineAlignment, at: place, hex(place.address), "a multiple of 8",
                "\(count) \(count == 1 ? "structure is" : "structures are") not at a multiple of "
                    + "8, and ignored")
        case .section(let offset, let baseRevision):
            Finding(
                .limineSection, at: "offset \(hex(offset))", ".limine_reqs", "none",
                "the section .limine_reqs is ignored in base revision \(baseRevision)")
        }
    }

    private static let baseRevisions =
        "\(LimineRequests.baseRevisions.lowerBound) to \(LimineRequests.baseRevisions.upperBound)"

    private func finding(
        _ rule: ELFRule, at place: LimineRequests.Place, _ found: String, _ allowed: String,
        _ problem: String? = nil
    ) -> Finding {
        Finding(rule, at: "offset \(hex(place.offset))", found, allowed, problem)
    }
}
