/// A file, a folder or the volume's name in a folder (FAT 1.03 §6).
public struct DirectoryEntry: DiskStructure {
    /// The bits of offset 11.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8

        /// The attributes with those bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The entry holds the volume's name.
        public static let volumeLabel = Self(rawValue: 0x08)
        /// The entry is a folder.
        public static let folder = Self(rawValue: 0x10)
        /// The entry is a file that was written since the last backup: every new one.
        public static let archive = Self(rawValue: 0x20)
        /// The entry is a part of a long name.
        public static let longName = Self(rawValue: 0x0F)
    }

    /// Offset 0: the short name.
    public let shortName: ShortName
    /// Offset 11: what the entry is.
    public let attributes: Attributes
    // Offset 12: reserved; 13: tenths of seconds; 14 and 16: creation; 18: last access.
    /// Offsets 14, 16, 18, 22 and 24: when it was created, read and written, all the same.
    public let timestamp: FATTimestamp
    /// Offsets 20 and 26: the first cluster; none of an empty file.
    public let firstCluster: ClusterNumber
    /// Offset 28: the length of a file; 0 of everything else.
    public let byteCount: UInt32

    /// An entry with these fields.
    public init(
        _ shortName: ShortName, _ attributes: Attributes, timestamp: FATTimestamp,
        firstCluster: ClusterNumber = .none, byteCount: UInt32 = 0
    ) {
        self.shortName = shortName
        self.attributes = attributes
        self.timestamp = timestamp
        self.firstCluster = firstCluster
        self.byteCount = byteCount
    }

    /// Size on the disk, in bytes.
    public static let byteCount = 32
    /// Name in errors.
    public static let name = "directory entry"

    /// Appends the fields.
    public func encode(into writer: inout ByteWriter) {
        writer.append(shortName.bytes)
        writer.append(attributes.rawValue)
        writer.appendZeros(2)
        writer.append(timestamp.time)
        writer.append(timestamp.date)
        writer.append(timestamp.date)
        writer.append(UInt16(truncatingIfNeeded: firstCluster.rawValue >> 16))
        writer.append(timestamp.time)
        writer.append(timestamp.date)
        writer.append(UInt16(truncatingIfNeeded: firstCluster.rawValue))
        writer.append(byteCount)
    }

    /// Reads the fields, the timestamp from the last write; refuses a part of a long name.
    public init(from reader: inout ByteReader) throws(FormatError) {
        shortName = ShortName(decoding: try reader.read(ShortName.byteCount))
        let longName = Attributes.longName.rawValue
        attributes = Attributes(
            rawValue: try reader.read("attributes", allowed: "not a long name's") {
                $0 & longName != longName
            })
        try reader.skip(8)
        let clusterHigh: UInt16 = try reader.read()
        let time: UInt16 = try reader.read()
        timestamp = FATTimestamp(date: try reader.read(), time: time)
        let clusterLow: UInt16 = try reader.read()
        firstCluster = ClusterNumber(rawValue: UInt32(clusterHigh) << 16 | UInt32(clusterLow))
        byteCount = try reader.read()
    }
}
