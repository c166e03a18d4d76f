/// A region of the image: where it starts and what it holds.
public struct Extent: Equatable, Sendable {
    /// What the region is, for people: `GPT header`, or a file's path.
    public let name: String
    /// Its first sector.
    public let start: LBA
    /// What it holds; its last sector is filled up with zeros.
    public let content: Content

    /// A region at a sector.
    public init(_ name: String, at start: LBA, _ content: Content) {
        self.name = name
        self.start = start
        self.content = content
    }

    /// The sectors it touches, each of that size.
    public func sectors(of size: SectorSize) -> SectorRange {
        SectorRange(start: start, count: size.sectors(holding: content.byteCount))
    }
}
