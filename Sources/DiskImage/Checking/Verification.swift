/// What was found in an image, sound or not.
public struct Verification: Equatable, Sendable {
    /// Something that lies in the image: a partition, a file system, the payload's items, files.
    public struct Part: Equatable, Sendable {
        /// What it is: "partition 1, EFI system", "/EFI/BOOT/BOOTX64.EFI".
        public let name: String
        /// Where it starts, in bytes from the image's start.
        public let offset: UInt64
        /// How long it is.
        public let byteCount: UInt64
    }

    /// What the BIOS loader loads.
    public struct Payload: Equatable, Sendable {
        /// One of its items.
        public struct Item: Equatable, Sendable {
            /// What it is to the loader.
            public let kind: PayloadKind
            /// Where it lies, in bytes from the image's start.
            public let bytes: Range<UInt64>
        }

        /// Where its header lies, in bytes from the image's start.
        public let headerOffset: UInt64
        /// The items that lie where they may, in the order of the header.
        public let items: [Item]

        /// The item of that kind.
        public subscript(kind: PayloadKind) -> Item? { items.first { $0.kind == kind } }
    }

    /// What kind of image it is, such as "GPT, sectors of 512 bytes"; `nil` if that is not known.
    public internal(set) var kind: String?
    /// The length of the disk's sectors: 512 bytes, or what a GPT tells.
    public internal(set) var sectorSize = SectorSize.bytes512
    /// What lies in it, in the order in which it was found.
    public internal(set) var parts: [Part] = []
    /// The FAT volumes and their files.
    public internal(set) var volumes: [FATVolumeContents] = []
    /// The payload of a BIOS image.
    public internal(set) var payload: Payload?
    /// The errors, then the warnings, each in the order in which they were found.
    public private(set) var findings: [ImageFinding] = []

    /// The verdict.
    public var isSound: Bool { !findings.contains { $0.rule.severity == .error } }

    /// The verification of an image.
    public init(of source: some DiskSource) throws(DiskReadError) {
        var check = ImageCheck(source)
        try check.run()
        self = check.result
        add(check.findings)
    }

    /// The kind of an image that has a FAT volume and no partition table.
    static let volumeAlone = "FAT volume"

    init() {}

    mutating func add(_ part: String, _ range: Range<UInt64>) {
        parts.append(
            Part(
                name: part, offset: range.lowerBound,
                byteCount: range.upperBound - range.lowerBound))
    }

    /// Adds what was found, and by how much each rule's findings exceed what is kept.
    private mutating func add(_ found: ImageFindings) {
        let omitted = ImageRule.allCases.compactMap { rule in
            found.omittedCounts[rule].map {
                ImageFinding(
                    rule, place: "image", offset: 0, found: "broken \($0) times more",
                    allowed: "kept everywhere")
            }
        }
        add(found.all + omitted)
    }

    /// Adds what was found by other means.
    public mutating func add(_ more: [ImageFinding]) {
        findings = Self.sorted(findings + more)
    }

    private static func sorted(_ findings: [ImageFinding]) -> [ImageFinding] {
        ImageFinding.Severity.allCases.flatMap { severity in
            findings.filter { $0.rule.severity == severity }
        }
    }
}
