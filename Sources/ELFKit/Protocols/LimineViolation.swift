/// A broken rule of the Limine boot protocol; the rule's severity says if the kernel is refused.
public enum LimineViolation: Equatable, Sendable {
    /// The first end marker comes before the last start marker.
    case endBeforeStart(start: LimineRequests.Place, end: LimineRequests.Place)
    /// A base revision that the loader does not support.
    case baseRevision(LimineRequests.BaseRevision)
    /// A second tag with a base revision.
    case secondBaseRevision(LimineRequests.BaseRevision)
    /// A second request of the same known feature.
    case secondRequest(LimineRequests.Request)
    /// A segment comes before one with a lower address in the table.
    case segmentOrder(SegmentID, address: UInt64)
    /// A segment of an `ET_EXEC` below the addresses of Limine kernels.
    case lowSegment(SegmentID, address: UInt64)
    /// A segment in the upper half, and another one in the lower half.
    case mixedHalves(lower: SegmentID, upper: SegmentID)
    /// The entry point of a request is in no executable segment.
    case entryOutside(LimineRequests.Place, UInt64)
    /// Two segments share a page, and have other permissions.
    case sharedPage(SegmentID, SegmentID, address: UInt64)
    /// Requests or tags are outside of the markers or cut off; this is the first one.
    case outsideMarkers(count: Int, LimineRequests.Place)
    /// Structures are not aligned; this is the first one.
    case misaligned(count: Int, LimineRequests.Place)
    /// The section `.limine_reqs` at this offset of the file is ignored by base revisions above 0.
    case section(offset: UInt64, baseRevision: UInt64)
}
