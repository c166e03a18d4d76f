/// Sorts claims to a disk into nested regions; each sector is in exactly one of the innermost.
///
/// Damaged tables may say anything: a claim past the end of the disk is shortened, a claim that
/// starts inside another and ends after it cuts the other short, and too deep claims are dropped.
struct RegionTree {
    private struct Claim {
        let name: String
        let kind: DiskRegion.Kind
        let start: UInt64
        var end: UInt64
        let byteCount: UInt64
        var isCut = false
        var parent: Int?
        var children: [Int] = []
    }

    private let sectorByteCount: UInt64
    private let diskByteCount: UInt64
    private var claims: [Claim] = []

    /// The deepest nesting; sound images have four levels.
    private static let maximumDepth = 6

    init(_ disk: ByteCount, _ sectorSize: SectorSize) {
        (diskByteCount, sectorByteCount) = (disk.value, sectorSize.byteCount.value)
    }

    /// Claims the sectors of bytes, rounded up to whole pieces of that many bytes, such as
    /// clusters.
    ///
    /// Of two claims to the same bytes, the first contains the second.
    mutating func claim(
        _ name: String, _ kind: DiskRegion.Kind, _ bytes: Range<UInt64>,
        inPiecesOf piece: UInt64 = 1
    ) {
        let rest = bytes.isEmpty ? 0 : (bytes.byteCount - 1) % piece
        let end = min(bytes.upperBound.addingSaturating(piece - 1 - rest), diskByteCount)
        let bytes = bytes.clamped(to: 0..<diskByteCount)
        if bytes.isEmpty { return }
        claims.append(
            Claim(
                name: name, kind: kind, start: bytes.lowerBound / sectorByteCount,
                end: sectors(holding: end),
                byteCount: bytes.byteCount))
    }

    private func sectors(holding bytes: UInt64) -> UInt64 {
        bytes / sectorByteCount + (bytes.isMultiple(of: sectorByteCount) ? 0 : 1)
    }

    /// The whole disk, from first to last sector.
    func regions() -> [DiskRegion] {
        var (claims, roots) = nested()
        // Parts come after what contains them, so in reverse order they are done first.
        var done: [DiskRegion?] = claims.map { _ in nil }
        for index in claims.indices.reversed() {
            let claim = claims[index]
            let parts = claim.children.compactMap { done[$0] }
            for child in claim.children { done[child] = nil }
            claims[index].children = []
            done[index] = region(claim, parts: parts)
        }
        let disk = 0..<sectors(holding: diskByteCount)
        return filled(disk, roots.compactMap { done[$0] }, "unallocated", .unallocated)
    }

    /// The claims in the order of the disk, with their children, and the outermost of them.
    private func nested() -> (claims: [Claim], roots: [Int]) {
        let order = claims.indices.sorted { left, right in
            let (one, other) = (claims[left], claims[right])
            return (one.start, other.end, left) < (other.start, one.end, right)
        }
        var sorted: [Claim] = []
        var roots: [Int] = []
        var open: [Int] = []
        for claim in order.map({ claims[$0] }) {
            while let last = open.last, sorted[last].end <= claim.start { open.removeLast() }
            // Open claims begin here or before; those that end too early begin before.
            while let last = open.last, sorted[last].end < claim.end {
                (sorted[last].end, sorted[last].isCut) = (claim.start, true)
                open.removeLast()
            }
            guard open.count < Self.maximumDepth else { continue }
            if let parent = open.last {
                sorted[parent].children.append(sorted.count)
            } else {
                roots.append(sorted.count)
            }
            open.append(sorted.count)
            sorted.append(claim)
        }
        return (sorted, roots)
    }

    private func region(_ claim: Claim, parts: [DiskRegion]) -> DiskRegion {
        let sectors = claim.start..<claim.end
        let isPartition = claim.kind == .partition
        let all =
            parts.isEmpty
            ? []
            : filled(
                sectors, parts, isPartition ? "unused" : claim.name,
                isPartition ? .free : claim.kind)
        return DiskRegion(
            name: claim.name, kind: claim.kind, sectors: SectorRange(sectors),
            byteCount: min(claim.byteCount, byteCount(of: sectors)), isCut: claim.isCut, parts: all)
    }

    /// The regions, with more regions to fill the gaps.
    private func filled(
        _ sectors: Range<UInt64>, _ regions: [DiskRegion], _ name: String, _ kind: DiskRegion.Kind
    ) -> [DiskRegion] {
        var all: [DiskRegion] = []
        var end = sectors.lowerBound
        func fill(upTo start: UInt64) {
            guard end < start else { return }
            all.append(
                DiskRegion(
                    name: name, kind: kind, sectors: SectorRange(end..<start),
                    byteCount: byteCount(of: end..<start), isCut: false, parts: []))
        }
        for region in regions {
            fill(upTo: region.sectors.start.value)
            all.append(region)
            end = region.sectors.end.value
        }
        fill(upTo: sectors.upperBound)
        return all
    }

    /// How many bytes of these sectors are in the image.
    private func byteCount(of sectors: Range<UInt64>) -> UInt64 {
        let end = min(sectors.upperBound * sectorByteCount, diskByteCount)
        return end - sectors.lowerBound * sectorByteCount
    }
}
