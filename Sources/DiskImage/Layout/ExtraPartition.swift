/// A partition of the user's behind the EFI system partition.
public struct ExtraPartition: Equatable, Sendable {
    /// What a partition holds.
    public enum Payload: Equatable, Sendable {
        /// Nothing: zeros.
        case nothing
        /// These bytes, zeros behind them.
        case raw(Content)
        /// FAT32 with these files.
        case fat32([EFIImage.File])
    }

    /// Its name in the GPT, at most 36 UTF-16 units.
    public let name: String
    /// What it is for; not ``GUID/unused``.
    public let type: GUID
    /// Its length at least; it has whole MiB, and room for what it holds.
    public let size: ByteCount
    /// What it holds.
    public let payload: Payload

    /// A partition of that name and type.
    public init(name: String, type: GUID, size: ByteCount, payload: Payload) {
        self.name = name
        self.type = type
        self.size = size
        self.payload = payload
    }
}

extension ExtraPartition {
    private static let sizeLimit = ImageSize.maximum

    /// The partition at its place, as the disk's number `number`.
    func planned(
        at start: LBA, number: Int, of image: EFIImage
    ) throws(LayoutError) -> PlannedPartition {
        let allowed = GPTPartitionEntry.labelUnits
        guard name.utf16.count <= allowed else {
            throw .partitionNameTooLong(
                name: name, found: name.utf16.count, allowed: allowed)
        }
        let (sectors, extents) = try content(at: start, number, of: image)
        return PlannedPartition(
            type: type, label: name, purpose: "GUID of partition \(number)",
            sectors: SectorRange(start: start, count: sectors), extents: extents)
    }

    private func content(
        at start: LBA, _ number: Int, of image: EFIImage
    ) throws(LayoutError) -> (SectorCount, [Extent]) {
        switch payload {
        case .nothing: return (try sectors(holding: .mebibytes(1), image.sectorSize), [])
        case .raw(let content):
            return (
                try sectors(holding: content.byteCount, image.sectorSize),
                [Extent(name, at: start, content)]
            )
        case .fat32(let files):
            let tree = try FolderTree(files)
            let placement = try FATPlacement(tree, .fat32, image.sectorSize, minimum: size)
            let volume = FATVolume(
                tree: tree, allocation: placement.allocation, geometry: placement.geometry,
                start: start,
                volumeID: image.identity.derive("volume ID of partition \(number)").nonZeroWord,
                label: VolumeLabel(fitting: name), timestamp: image.timestamp)
            let extents = volume.extents.map {
                Extent("\(name): \($0.name)", at: $0.start, $0.content)
            }
            return (placement.geometry.volume, extents)
        }
    }

    /// Whole MiB with room for so many bytes.
    private func sectors(
        holding content: ByteCount, _ sectorSize: SectorSize
    ) throws(LayoutError) -> SectorCount {
        let found = max(size, content)
        guard found <= Self.sizeLimit else {
            throw .imageTooLong(found: found, allowed: Self.sizeLimit)
        }
        return sectorSize.sectors(holding: found).roundedUp(toMultipleOf: sectorSize.mebibyte)
    }
}
