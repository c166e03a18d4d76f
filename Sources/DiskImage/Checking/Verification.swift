/// The content of an image and what is wrong with it.
public struct Verification: Equatable, Sendable {
    /// Something in the image: a partition, a file system, an item of the payload, a file.
    public struct Part: Equatable, Sendable {
        /// Its name: "partition 1, EFI system", "/EFI/BOOT/BOOTX64.EFI".
        public let name: String
        /// Where it starts, in bytes from the image's start.
        public let offset: UInt64
        /// Its length.
        public let byteCount: UInt64
    }

    /// The items that the BIOS loader loads.
    public struct Payload: Equatable, Sendable {
        /// One of the items.
        public struct Item: Equatable, Sendable {
            /// Its meaning for the loader.
            public let kind: PayloadKind
            /// Where it is, in bytes from the image's start.
            public let bytes: Range<UInt64>
        }

        /// Where its header is, in bytes from the image's start.
        public let headerOffset: UInt64
        /// The items with valid places, in the order of the header.
        public let items: [Item]

        /// The item of that kind.
        public subscript(kind: PayloadKind) -> Item? { items.first { $0.kind == kind } }
    }

    /// The kind of image, such as "GPT, sectors of 512 bytes"; `nil` if unknown.
    public internal(set) var kind: String?
    /// The size of the disk's sectors: 512 bytes, or that of its GPT.
    public internal(set) var sectorSize = SectorSize.bytes512
    /// The parts, in the order in which they were found.
    public internal(set) var parts: [Part] = []
    /// The FAT volumes and their files.
    public internal(set) var volumes: [FATVolumeContents] = []
    /// The payload of a BIOS image.
    public internal(set) var payload: Payload?
    /// What the firmware of a Raspberry Pi finds; `nil` if the image is no card.
    public internal(set) var card: CardContents?
    /// The errors, then the warnings, each in the order in which they were found.
    public private(set) var findings: [ImageFinding] = []
    let loaderFiles: [LoaderFile]

    /// Whether there is no error.
    public var isSound: Bool { !findings.contains { $0.rule.severity == .error } }

    /// Checks an image; one made by this library must contain a kernel among the `loaderFiles`.
    public init(of source: some DiskSource, loaderFiles: [LoaderFile]) throws(DiskReadError) {
        var check = ImageCheck(source, loaderFiles)
        try check.run()
        self = check.result
        add(check.findings.all)
    }

    /// The kind of an image with a FAT volume and no partition table.
    static let volumeAlone = "FAT volume"
    /// The kind of an image with boot code and no partitions.
    static let bootSectorAlone = "boot sector"
    /// The kind of an ISO 9660 volume without a partition table.
    static let disc = "ISO 9660"

    init(loaderFiles: [LoaderFile]) { self.loaderFiles = loaderFiles }

    mutating func add(_ part: String, _ range: Range<UInt64>) {
        parts.append(Part(name: part, offset: range.lowerBound, byteCount: range.byteCount))
    }

    /// Adds findings of other checks.
    public mutating func add(_ more: [ImageFinding]) {
        let all = findings + more
        findings = ImageFinding.Severity.allCases.flatMap { severity in
            all.filter { $0.rule.severity == severity }
        }
    }
}
