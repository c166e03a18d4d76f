/// An image, planned to the last byte: its exact size and what goes where.
///
/// Everything outside the extents is zero.
public struct ImageLayout: Equatable, Sendable {
    /// The length of a sector on the disk that the image is for.
    public let sectorSize: SectorSize
    /// The image's exact size.
    public let size: SectorCount
    /// The regions with content, in the order of their sectors, none on another.
    public let extents: [Extent]

    /// A layout of ordered extents that neither overlap nor pass the end.
    ///
    /// Anything else is a mistake in the program and traps. Empty extents are dropped.
    public init(sectorSize: SectorSize, size: SectorCount, extents: [Extent]) {
        self.sectorSize = sectorSize
        self.size = size
        self.extents = extents.filter { $0.content.byteCount != .zero }
        var end = LBA(0)
        for extent in self.extents {
            precondition(extent.start >= end, "\(extent.name) starts before sector \(end)")
            end = extent.sectors(of: sectorSize).end
        }
        precondition(end <= LBA(size.value), "the last extent passes the end, \(size)")
    }

    /// The image's exact size in bytes.
    public var byteCount: ByteCount { sectorSize.bytes(in: size) }
}

extension ImageLayout: CustomStringConvertible {
    /// A table with one line per region: first sector, last sector, bytes, name.
    public var description: String {
        let title = "\(byteCount), \(size) of \(sectorSize.byteCount)"
        let head = row("first", "last", "bytes", "region")
        let rows = extents.map { extent in
            row(
                "\(extent.start)", "\(extent.sectors(of: sectorSize).last)",
                "\(extent.content.byteCount.value)", extent.name)
        }
        return ([title, head] + rows).joined(separator: "\n")
    }

    private func row(_ first: String, _ last: String, _ bytes: String, _ name: String) -> String {
        [first, last, bytes].map { padded($0, to: 12) }.joined() + "  " + name
    }

    private func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
