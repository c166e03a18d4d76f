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
    /// The command line and the modules' names.
    public static let parameters = Self(rawValue: 4)

    /// A file for the program, counted from 0.
    public static func module(_ index: Int) -> Self { Self(rawValue: firstModule + UInt32(index)) }

    /// How many modules the loader has room for.
    package static let moduleLimit = 11

    private static let firstModule: UInt32 = 16
    private var isModule: Bool {
        (Self.firstModule..<Self.firstModule + UInt32(Self.moduleLimit)).contains(rawValue)
    }
    /// Whether the loader knows it.
    var isKnown: Bool { (1...4).contains(rawValue) || isModule }

    /// The kind's name in messages.
    public var description: String {
        switch self {
        case .kernel: "kernel"
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot configuration"
        case .parameters: "parameters"
        case _ where isModule: "module \(rawValue - Self.firstModule + 1)"
        default: "payload of kind \(rawValue)"
        }
    }
}

/// A file that a boot loader loads, by its path in the EFI system partition.
public struct LoaderFile: Equatable, Sendable {
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
/// bytes with itself taken as zero; encoding computes it.
struct PayloadHeader: DiskStructure {
    /// One item of the payload; 32 bytes.
    struct Entry: DiskStructure {
        /// Offset 0: the item's kind.
        let kind: PayloadKind
        // Offset 4: zero.
        /// Offset 8: the first sector, from the disk's start in sectors of 512 bytes.
        let start: LBA
        /// Offset 16: the length.
        let length: ByteCount
        // Offset 24: zero.

        static let byteCount = 32

        func encode(into writer: inout ByteWriter) {
            writer.append(kind.rawValue)
            writer.append(UInt32(0))
            writer.append(start.value)
            writer.append(length.value)
            writer.append(UInt64(0))
        }
    }

    // Offset 0: signature; 8: version; 12: number of entries; 16: checksum; 20: 12 bytes, zero.
    /// Offset 32: the items, at most 15.
    let entries: [Entry]

    static let maximumEntryCount = 15

    init(entries: [Entry]) {
        precondition(entries.count <= Self.maximumEntryCount, "too many payload entries")
        self.entries = entries
    }

    /// `BOOTPAYL`.
    static let signature: UInt64 = 0x4C59_4150_544F_4F42
    static let version: UInt32 = 2
    static let checksumField = 16..<20
    static let entriesOffset = 32
    /// The header's place in the BIOS boot partition of a hybrid image, in sectors of 512 bytes.
    static let offsetInBIOSBootPartition = SectorCount(128)

    static let byteCount = 512

    func encode(into writer: inout ByteWriter) {
        var bytes = ByteWriter.write(Self.byteCount) { writer in
            writer.append(Self.signature)
            writer.append(Self.version)
            writer.append(UInt32(entries.count))
            writer.appendZeros(upTo: Self.entriesOffset)
            for entry in entries { writer.append(entry) }
            writer.appendZerosToEnd()
        }
        bytes.put(CRC32.ieee.checksum(bytes), at: Self.checksumField.lowerBound)
        writer.append(bytes)
    }
}
