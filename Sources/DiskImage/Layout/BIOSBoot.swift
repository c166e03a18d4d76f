/// What makes a UEFI image start on BIOS too: a loader, and which files of the EFI system partition
/// it loads.
public struct BIOSBoot: Equatable, Sendable {
    /// A file that the loader loads.
    public struct Item: Equatable, Sendable {
        /// What it is to the loader.
        public let kind: PayloadKind
        /// Its path in the EFI system partition.
        public let path: String

        /// A file at that path, which the image must have.
        public init(kind: PayloadKind, path: String) {
            self.kind = kind
            self.path = path
        }
    }

    /// The boot sector and the loader's second part, whole sectors of 512 bytes.
    public let loader: [UInt8]
    /// At most 15.
    public let items: [Item]
    /// Whether the MBR's only entry, over the whole disk, is marked active.
    ///
    /// Some BIOSes start no disk without such an entry; the UEFI standard wants it unmarked (2.10
    /// §5.2.3, table 5.4).
    public let isProtectiveEntryActive: Bool

    /// A loader with what it loads.
    public init(loader: [UInt8], items: [Item], isProtectiveEntryActive: Bool = false) {
        self.loader = loader
        self.items = items
        self.isProtectiveEntryActive = isProtectiveEntryActive
    }
}

/// The BIOS boot partition: one MiB without a file system.
///
///     sector 0        the disk's boot sector, or a disc's, without signature and partitions
///     sectors 1…63    the loader's second part
///     sector 64       payload header
struct BIOSBootPartition {
    private let loader: BIOSLoader
    let start: LBA
    private let isForDisc: Bool
    private let header: PayloadHeader

    /// Plans the partition of a disk with those regions, the files among them under their paths.
    init(
        _ boot: BIOSBoot, at start: LBA, files: [Extent], isForDisc: Bool
    ) throws(LayoutError) {
        guard boot.items.count <= PayloadHeader.maximumEntryCount else {
            throw .tooManyPayloadItems(
                found: boot.items.count, allowed: PayloadHeader.maximumEntryCount)
        }
        loader = try BIOSLoader(boot.loader)
        self.start = start
        self.isForDisc = isForDisc
        header = PayloadHeader(
            entries: boot.items.map { item in
                // A file of no bytes lies nowhere.
                let file = files.first { $0.name == item.path }
                return PayloadHeader.Entry(
                    kind: item.kind, start: file?.start ?? start,
                    length: file?.content.byteCount ?? .zero)
            })
    }

    /// Where the header lies in the partition.
    static let headerOffset = SectorCount(64)

    /// What stands at the start of the disk's first sector.
    var bootCode: [UInt8] {
        loader.bootCode(
            secondPart: start + SectorCount(1), payloadHeader: start + Self.headerOffset)
    }

    private var ownBootCode: [UInt8] {
        isForDisc
            ? loader.bootCode(ofDiscAt: start, payloadHeader: start + Self.headerOffset) : bootCode
    }

    /// The partition as one of a disk's.
    var planned: PlannedPartition {
        PlannedPartition(
            type: GPTPartitionEntry.biosBoot, label: "BIOS boot partition",
            purpose: "BIOS boot partition GUID",
            sectors: SectorRange(start: start, count: SectorSize.bytes512.mebibyte),
            extents: [
                Extent("BIOS loader", at: start, .bytes(firstSector + loader.secondPart)),
                Extent(
                    "payload header", at: start + Self.headerOffset, .bytes(header.encoded())),
            ])
    }

    private var firstSector: [UInt8] {
        MasterBootRecord(bootCode: ownBootCode, diskSignature: 0, partitions: []).encoded()
    }
}
