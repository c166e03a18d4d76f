/// What relocations change: 8 bytes in a segment.
///
/// A table may have millions of entries: the segment that held the last target is tried first.
struct RelocationTargets {
    private static let byteCount: UInt64 = 8

    private let image: LoadedImage
    private var lastSegment = 0..<UInt64(0)

    init(_ image: LoadedImage) { self.image = image }

    /// Checks that the relocation changes nothing but what is loaded.
    mutating func check(
        _ address: UInt64, of relocation: RelocationID
    ) throws(ELFError.Problem) {
        guard
            let target = Range(start: address, count: Self.byteCount),
            lastSegment.encloses(target) || findSegment(of: target)
        else { throw .relocation(.targetNotLoaded(relocation, address: address)) }
    }

    private mutating func findSegment(of target: Range<UInt64>) -> Bool {
        let segment = image.segments.first { $0.memoryRange.encloses(target) }
        guard let segment else { return false }
        lastSegment = segment.memoryRange
        return true
    }
}
