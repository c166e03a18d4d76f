/// What an item of the payload is to the BIOS loader.
public struct PayloadKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the payload header.
    public let rawValue: UInt32

    /// The kind with that number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The program that the loader starts.
    public static let kernel = Self(rawValue: 1)
    /// The RAM disk that it passes to the program.
    public static let ramdisk = Self(rawValue: 2)
    /// The loader's settings.
    public static let bootConfiguration = Self(rawValue: 3)

    /// The kind's name in messages.
    public var description: String {
        switch self {
        case .kernel: "kernel"
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot configuration"
        default: "payload of kind \(rawValue)"
        }
    }
}

/// A file that a boot loader loads, by its path in the EFI system partition.
public struct BootFile: Equatable, Sendable {
    /// The path from the root, with slashes between the names and none before them.
    public let path: String
    /// Its meaning for the loader.
    public let kind: PayloadKind

    /// A file at that path.
    public init(path: String, kind: PayloadKind) {
        self.path = path
        self.kind = kind
    }

    /// Whether this is the file at a path with a slash before each name; FAT ignores case.
    func isAt(_ other: String) -> Bool { "/" + path.uppercased() == other.uppercased() }
}

/// The sector that lists what the BIOS loader loads.
///
/// This project's own structure, version 2. The checksum at offset 16 is the CRC-32 of the 512
/// bytes with itself taken as zero; it is computed by encoding and verified by decoding.
public struct PayloadHeader: DecodableStructure {
    /// One item of the payload; 32 bytes.
    public struct Entry: DecodableStructure {
        /// Offset 0: the item's kind.
        public let kind: PayloadKind
        // Offset 4: zero.
        /// Offset 8: the first sector, from the disk's start in sectors of 512 bytes.
        public let start: LBA
        /// Offset 16: the length.
        public let length: ByteCount
        // Offset 24: zero.

        /// An item of that kind and place.
        public init(kind: PayloadKind, start: LBA, length: ByteCount) {
            self.kind = kind
            self.start = start
            self.length = length
        }

        /// Size on the disk, in bytes.
        public static let byteCount = 32
        /// Name in errors.
        public static let name = "payload header entry"

        /// Appends the fields.
        public func encode(into writer: inout ByteWriter) {
            writer.append(kind.rawValue)
            writer.append(UInt32(0))
            writer.append(start.value)
            writer.append(length.value)
            writer.append(UInt64(0))
        }

        /// Reads the fields; refuses reserved fields that are not zero.
        public init(from reader: inout ByteReader) throws(FormatError) {
            kind = PayloadKind(rawValue: try reader.read())
            try reader.expect(UInt32(0), "reserved field")
            start = LBA(try reader.read())
            length = ByteCount(try reader.read())
            try reader.expect(UInt64(0), "reserved field")
        }
    }

    // Offset 0: signature; 8: version; 12: number of entries; 16: checksum; 20: 12 bytes, zero.
    /// Offset 32: the items, at most 15.
    public let entries: [Entry]

    /// The most items that fit into the sector.
    public static let maximumEntryCount = 15

    /// A header for these items, at most 15.
    public init(entries: [Entry]) {
        precondition(entries.count <= Self.maximumEntryCount, "too many payload entries")
        self.entries = entries
    }

    /// `BOOTPAYL`.
    static let signature: UInt64 = 0x4C59_4150_544F_4F42
    static let version: UInt32 = 2
    static let checksumField = 16..<20
    static let entriesOffset = 32
    /// The header's place in the BIOS boot partition of a hybrid image, in sectors of 512 bytes.
    static let offsetInBIOSBootPartition = SectorCount(64)

    /// Size on the disk: one sector.
    public static let byteCount = 512
    /// Name in errors.
    public static let name = "payload header"

    /// Appends the fields and the checksum over them.
    public func encode(into writer: inout ByteWriter) {
        writer.append(encoded(checksum: CRC32.ieee.checksum(encoded(checksum: 0))))
    }

    private func encoded(checksum: UInt32) -> [UInt8] {
        ByteWriter.write(Self.byteCount) { writer in
            writer.append(Self.signature)
            writer.append(Self.version)
            writer.append(UInt32(entries.count))
            writer.append(checksum)
            writer.appendZeros(upTo: Self.entriesOffset)
            for entry in entries { writer.append(entry) }
            writer.appendZerosToEnd()
        }
    }

    /// Reads the fields; refuses another version, more than 15 entries and a wrong checksum.
    public init(from reader: inout ByteReader) throws(FormatError) {
        try reader.expect(Self.signature, "signature")
        try reader.expect(Self.version, "version")
        let count: UInt32 = try reader.read("number of entries", allowed: "0…15") {
            $0 <= Self.maximumEntryCount
        }
        let stored: UInt32 = try reader.read()
        try reader.expect(UInt64(0), "reserved field")
        try reader.expect(UInt32(0), "reserved field")
        var entries: [Entry] = []
        for _ in 0..<count { entries.append(try reader.read()) }
        self.entries = entries
        let computed = CRC32.ieee.checksum(encoded(checksum: 0))
        guard stored == computed else {
            throw .badChecksum(structure: Self.name, stored: stored, computed: computed)
        }
    }
}
