/// A partition of the user's, after the EFI system partition.
public struct ExtraPartition: Equatable, Sendable {
    /// What a partition holds.
    public enum Payload: Equatable, Sendable {
        /// Zeros.
        case nothing
        /// These bytes, then zeros.
        case raw(Content)
        /// FAT32 with these files.
        case fat32([EFIImage.File])
    }

    /// Its name in the GPT, at most 36 UTF-16 units.
    public let name: String
    /// Its type in the GPT; not ``GUID/unused``.
    public let type: GUID
    /// Its least size; the partition has whole MiB, and room for its payload.
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

    /// Plans the partition at its place, as the disk's number `number`.
    func planned(
        at start: LBA, number: Int, of image: EFIImage
    ) throws(LayoutError) -> PlannedPartition {
        let allowed = GPTPartitionEntry.labelUnits
        guard name.utf16.count <= allowed else {
            throw .partitionNameTooLong(name: name, found: name.utf16.count, allowed: allowed)
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
            let volume = FATVolume(
                tree: tree,
                placement: try FATPlacement(tree, .fat32, image.sectorSize, minimum: size),
                start: start,
                volumeID: image.identity.derive("volume ID of partition \(number)").nonZeroWord,
                label: VolumeLabel(fitting: name), timestamp: image.timestamp)
            let extents = volume.extents.map {
                Extent("\(name): \($0.name)", at: $0.start, $0.content)
            }
            return (volume.geometry.volume, extents)
        }
    }

    /// The whole MiB that hold so many bytes.
    private func sectors(
        holding content: ByteCount, _ sectorSize: SectorSize
    ) throws(LayoutError) -> SectorCount {
        let found = max(size, content)
        guard found <= ImageSize.maximum else {
            throw .imageTooLong(found: found, allowed: ImageSize.maximum)
        }
        return sectorSize.sectors(holding: found).roundedUp(toMultipleOf: sectorSize.mebibyte)
    }
}
