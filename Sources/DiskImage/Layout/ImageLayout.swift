/// What a region of the image holds.
public enum Content: Equatable, Sendable {
    /// Bytes in memory.
    case bytes([UInt8])
    /// `length` bytes of the writer's input with that index, from `offset`.
    case input(index: Int, offset: ByteCount = .zero, length: ByteCount)
    /// Several contents, one directly after the other.
    case joined([Content])

    /// The length.
    public var byteCount: ByteCount {
        switch self {
        case .bytes(let bytes): ByteCount(of: bytes)
        case .input(_, _, let length): length
        case .joined(let contents): contents.reduce(.zero) { $0 + $1.byteCount }
        }
    }
}

/// A region of the image: its first sector and its content.
public struct Extent: Equatable, Sendable {
    /// The region's name for people: `GPT header`, or a file's path.
    public let name: String
    /// The first sector.
    public let start: LBA
    /// The content; zeros fill its last sector.
    public let content: Content

    /// A region at a sector.
    public init(_ name: String, at start: LBA, _ content: Content) {
        self.name = name
        self.start = start
        self.content = content
    }

    /// The sectors that it touches, each of that size.
    public func sectors(of size: SectorSize) -> SectorRange {
        SectorRange(start: start, count: size.sectors(holding: content.byteCount))
    }
}

/// An image, planned to the last byte: its exact size and the place of everything in it.
///
/// Everything outside the extents is zero.
public struct ImageLayout: Equatable, Sendable, CustomStringConvertible {
    /// The sector size of the disk that the image is for.
    public let sectorSize: SectorSize
    /// The image's exact size.
    public let size: SectorCount
    /// The regions with content, in the order of their sectors, without overlaps.
    public let extents: [Extent]
    /// The partition tables among them, as values.
    package let bootRecord: MasterBootRecord?
    package let partitionTable: GUIDPartitionTable?

    /// Drops empty extents; traps unless they are in order, without overlaps, before the end.
    package init(
        sectorSize: SectorSize, size: SectorCount, extents: [Extent],
        bootRecord: MasterBootRecord? = nil, partitionTable: GUIDPartitionTable? = nil
    ) {
        (self.sectorSize, self.size) = (sectorSize, size)
        (self.bootRecord, self.partitionTable) = (bootRecord, partitionTable)
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

    /// A table with one line per region: first sector, last sector, bytes, name.
    public var description: String {
        let title = "\(byteCount), \(size) of \(sectorSize.byteCount)"
        let head = Self.row(["first", "last", "bytes"], "region")
        let rows = extents.map { extent in
            Self.row(
                [
                    "\(extent.start)", "\(extent.sectors(of: sectorSize).last)",
                    "\(extent.content.byteCount.value)",
                ], extent.name)
        }
        return ([title, head] + rows).joined(separator: "\n")
    }

    /// Cells of 12 characters, then the name.
    static func row(_ cells: [String], _ name: String) -> String {
        cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
            + "  " + name
    }
}

/// The sizes that images may have: whole MiB, less than 2 TiB.
enum ImageSize {
    /// The size of 2³² − 1 sectors of 512 bytes, the most that MBR entries and FAT32 can express.
    ///
    /// It also limits images with longer sectors: FAT32 would otherwise run out of cluster numbers
    /// before it runs out of sectors.
    static let maximum = SectorSize.bytes512.bytes(in: SectorCount(UInt64(UInt32.max)))

    /// The smallest size for an image whose content ends at `end`, at least `minimum`.
    static func enclosing(
        _ end: LBA, _ sectorSize: SectorSize, minimum: ByteCount = .zero
    ) throws(LayoutError) -> SectorCount {
        guard minimum <= maximum else { throw .imageTooLong(found: minimum, allowed: maximum) }
        let size = max(SectorCount(end.value), sectorSize.sectors(holding: minimum)).roundedUp(
            toMultipleOf: sectorSize.mebibyte)
        let found = sectorSize.bytes(in: size)
        guard found <= maximum else { throw .imageTooLong(found: found, allowed: maximum) }
        return size
    }
}
