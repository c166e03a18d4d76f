/// What makes a UEFI image start on BIOS, too: a loader, and the files of the EFI system partition
/// that it loads.
public struct BIOSBoot: Equatable, Sendable {
    /// The boot sector and the loader's second part, whole sectors of 512 bytes.
    public let loader: [UInt8]
    /// The files that the loader loads, at most 15.
    public let files: [LoaderFile]
    /// Whether the MBR's only entry, over the whole disk, is marked active.
    ///
    /// Some BIOSes start no disk without an active entry; UEFI requires an inactive one (2.10
    /// §5.2.3, table 5.4).
    public let isProtectiveEntryActive: Bool

    /// A loader with the files that it loads.
    public init(loader: [UInt8], files: [LoaderFile], isProtectiveEntryActive: Bool = false) {
        self.loader = loader
        self.files = files
        self.isProtectiveEntryActive = isProtectiveEntryActive
    }
}

/// The BIOS boot partition: one MiB without a file system.
///
///     sector 0        the disk's boot sector, or a disc's, without signature and partitions
///     sectors 1…127   the loader's second part
///     sector 128      payload header
struct BIOSBootPartition {
    /// The start of the disk's first sector.
    let bootCode: [UInt8]
    let planned: PlannedPartition

    /// Plans the partition of a disk with these regions, which include the files by their paths.
    init(_ boot: BIOSBoot, at start: LBA, files: [Extent], isForDisc: Bool) throws(LayoutError) {
        let allowed = PayloadHeader.maximumEntryCount
        guard boot.files.count <= allowed else {
            throw .tooManyPayloadItems(found: boot.files.count, allowed: allowed)
        }
        let loader = try BIOSLoader(boot.loader)
        let headerStart = start + PayloadHeader.offsetInBIOSBootPartition
        let header = PayloadHeader(
            entries: boot.files.map { item in
                // An empty file has no region.
                let file = files.first { $0.name == item.path }
                return PayloadHeader.Entry(
                    kind: item.kind, start: file?.start ?? start,
                    length: file?.content.byteCount ?? .zero)
            })
        bootCode = loader.bootCode(
            secondPart: start + SectorCount(1), payloadHeader: headerStart)
        let ownBootCode =
            isForDisc
            ? loader.bootCode(ofDiscAt: start, payloadHeader: headerStart) : bootCode
        let firstSector = MasterBootRecord(
            bootCode: ownBootCode, diskSignature: 0, partitions: [])
        planned = PlannedPartition(
            type: GPTPartitionEntry.biosBoot, label: "BIOS boot partition",
            purpose: "BIOS boot partition GUID",
            sectors: SectorRange(start: start, count: SectorSize.bytes512.mebibyte),
            extents: [
                Extent(
                    "BIOS loader", at: start, .bytes(firstSector.encoded() + loader.secondPart)),
                Extent("payload header", at: headerStart, .bytes(header.encoded())),
            ])
    }
}

/// What starts the loader in a machine.
public enum Firmware: String, CaseIterable, Sendable {
    case bios
    case uefi
}
