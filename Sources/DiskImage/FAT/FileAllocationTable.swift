/// Consecutive clusters that hold one file or folder.
struct ClusterRun: Hashable {
    /// The first cluster; none in an empty run.
    let first: ClusterNumber
    /// How many clusters.
    let count: UInt64
}

/// A FAT32 table: for each cluster the next one of its chain (FAT 1.03 §4).
public struct FileAllocationTable: Equatable, Sendable {
    /// The entries from cluster 0 on, up to the last that is in use.
    public let entries: [UInt32]

    private static let mask: UInt32 = 0x0FFF_FFFF
    private static let endOfChain: UInt32 = 0x0FFF_FFFF
    /// FAT[0] repeats the medium; FAT[1] says that the volume was left in order.
    private static let reserved: [UInt32] = [
        0x0FFF_FF00 | UInt32(BIOSParameterBlock.medium), endOfChain,
    ]
    private static let entryByteCount = 4

    /// The table in which each run is a chain and everything else is free.
    init(_ runs: [ClusterRun]) {
        let end = runs.map { $0.first + $0.count }.max() ?? .first
        var entries = [UInt32](repeating: 0, count: Int(end.rawValue))
        entries.replaceSubrange(..<Self.reserved.count, with: Self.reserved)
        for run in runs where run.count > 0 {
            let last = run.first + (run.count - 1)
            for cluster in run.first.rawValue..<last.rawValue {
                entries[Int(cluster)] = cluster + 1
            }
            entries[Int(last.rawValue)] = Self.endOfChain
        }
        self.entries = entries
    }

    /// Reads a whole table; refuses one whose first entry is not that of a fixed disk.
    public init(decoding bytes: some Collection<UInt8>) throws(FormatError) {
        var reader = ByteReader(bytes, structure: "FAT")
        var entries: [UInt32] = []
        for _ in 0..<(bytes.count / Self.entryByteCount) { entries.append(try reader.read()) }
        guard let first = entries.first, first & Self.mask == Self.reserved.first else {
            throw .badField(
                structure: "FAT", field: "entry 0", offset: 0, found: UInt64(entries.first ?? 0),
                allowed: "0xFFFFFF8")
        }
        self.entries = entries.map { $0 & Self.mask }
    }

    /// The entries as bytes; the rest of the table on the disk is zero.
    public func encoded() -> [UInt8] {
        ByteWriter.write(entries.count * Self.entryByteCount) { writer in
            for entry in entries { writer.append(entry) }
        }
    }

    /// The clusters of the chain that starts at `first`; ends early where the table is damaged.
    public func chain(from first: ClusterNumber) -> [ClusterNumber] {
        var chain: [ClusterNumber] = []
        var next = first.rawValue
        while entries.indices.contains(Int(next)), next >= ClusterNumber.first.rawValue,
            chain.count < entries.count
        {
            chain.append(ClusterNumber(rawValue: next))
            next = entries[Int(next)]
        }
        return chain
    }
}
