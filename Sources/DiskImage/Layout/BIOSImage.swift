/// One part of the payload of a ``BIOSImage``.
public struct PayloadItem: Equatable, Sendable {
    /// Its meaning for the loader.
    public let kind: PayloadKind
    /// Its bytes.
    public let content: Content

    /// A part of that kind.
    public init(kind: PayloadKind, content: Content) {
        self.kind = kind
        self.content = content
    }
}

/// A raw image for BIOS: the loader before 1 MiB, then one active partition with the payload.
///
///     sector 0       boot sector: the loader's first, with disk signature and partition entry
///     sectors 1…     the loader's second part, before sector 2048
///     sector 2048    payload header
///     sector 2056…   payload, each item at a multiple of 4 KiB
public struct BIOSImage: Equatable, Sendable {
    /// The boot sector and the loader's second part, whole sectors.
    public let loader: [UInt8]
    /// The items that the loader loads, at most 15, in this order.
    public let payload: [PayloadItem]
    /// The source of the disk signature.
    public let identity: ImageIdentity
    /// The least size of the image.
    public let minimum: ByteCount

    /// An image with these parts; ``layOut()`` checks them.
    public init(
        loader: [UInt8], payload: [PayloadItem], identity: ImageIdentity,
        minimum: ByteCount = .zero
    ) {
        self.loader = loader
        self.payload = payload
        self.identity = identity
        self.minimum = minimum
    }

    /// BIOSes start only disks with these sectors.
    private static let sectorSize = SectorSize.bytes512
    private static let secondPart = LBA(1)
    private static let start = sectorSize.firstPartition

    /// Plans the image.
    ///
    /// - Throws: ``LayoutError`` if the loader has no whole sectors or more than 32 KiB, if there
    ///   are more than 15 items, or if the image would have more than 2³² − 1 sectors.
    public func layOut() throws(LayoutError) -> ImageLayout {
        let loader = try BIOSLoader(loader)
        let items = try placePayload()
        let end = items.last?.sectors(of: Self.sectorSize).end ?? Self.start + SectorCount(1)
        let size = try ImageSize.enclosing(end, Self.sectorSize, minimum: minimum)
        let header = PayloadHeader(
            entries: zip(payload, items).map { item, extent in
                PayloadHeader.Entry(
                    kind: item.kind, start: extent.start, length: item.content.byteCount)
            })
        let partition = SectorRange(start: Self.start, count: LBA(size.value) - Self.start)
        let record = MasterBootRecord(
            bootCode: loader.bootCode(secondPart: Self.secondPart, payloadHeader: Self.start),
            diskSignature: identity.derive("disk signature").nonZeroWord,
            partitions: [
                MBRPartitionEntry(isActive: true, kind: .nonFileSystemData, sectors: partition)
            ])
        return ImageLayout(
            sectorSize: Self.sectorSize, size: size,
            extents: [
                Extent("boot sector", at: LBA(0), .bytes(record.encoded())),
                Extent("loader", at: Self.secondPart, .bytes(loader.secondPart)),
                Extent("payload header", at: Self.start, .bytes(header.encoded())),
            ] + items, bootRecord: record)
    }

    private func placePayload() throws(LayoutError) -> [Extent] {
        let allowed = PayloadHeader.maximumEntryCount
        guard payload.count <= allowed else {
            throw .tooManyPayloadItems(found: payload.count, allowed: allowed)
        }
        var extents: [Extent] = []
        var end = Self.start + SectorCount(1)
        for item in payload {
            let found = item.content.byteCount
            guard found <= ImageSize.maximum else {
                throw .payloadItemTooLong(
                    kind: item.kind, found: found, allowed: ImageSize.maximum)
            }
            let start = end.alignedUp(to: Self.sectorSize.page)
            let extent = Extent("\(item.kind)", at: start, item.content)
            end = extent.sectors(of: Self.sectorSize).end
            extents.append(extent)
        }
        return extents
    }
}
