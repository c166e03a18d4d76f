/// Consecutive clusters that hold one file or folder.
struct ClusterRun: Hashable {
    /// The first cluster; none in an empty run.
    let first: ClusterNumber
    /// How many clusters.
    let count: UInt64

    /// No clusters.
    static let none = Self(first: .none, count: 0)
}

/// A FAT: for each cluster the next one of its chain (FAT 1.03 §4).
///
/// On the disk the entries are the digits of one little-endian number: those of FAT12 share bytes,
/// and may lie on both sides of a sector's end.
public struct FileAllocationTable: Equatable, Sendable {
    /// How wide the entries are.
    public let type: FATType
    /// The entries from cluster 0 on, up to the last that is in use.
    public let entries: [UInt32]

    /// The table in which each run is a chain and everything else is free.
    init(_ type: FATType, _ runs: [ClusterRun]) {
        self.type = type
        let end = runs.map { $0.first + $0.count }.max() ?? .none
        var entries = [UInt32](repeating: 0, count: Int(max(end, .first).rawValue))
        entries.replaceSubrange(..<type.reservedEntries.count, with: type.reservedEntries)
        for run in runs where run.count > 0 {
            let last = run.first + (run.count - 1)
            for cluster in run.first.rawValue..<last.rawValue {
                entries[Int(cluster)] = cluster + 1
            }
            entries[Int(last.rawValue)] = type.mask
        }
        self.entries = entries
    }

    /// Reads a whole table; refuses one whose first entry is not that of a fixed disk.
    public init(
        decoding bytes: some Collection<UInt8>, _ type: FATType
    ) throws(FormatError) {
        self.type = type
        entries = Self.unpack(bytes, width: type.rawValue).map { $0 & type.mask }
        guard entries.first == type.reservedEntries.first else {
            throw .badField(
                structure: "FAT", field: "entry 0", offset: 0, found: UInt64(entries.first ?? 0),
                allowed: hex(type.reservedEntries[0]))
        }
    }

    /// The entries as bytes; the rest of the table on the disk is zero.
    public func encoded() -> [UInt8] {
        let byteCount = (entries.count * type.rawValue + 7) / 8
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
            var (bits, count): (UInt64, Int) = (0, 0)
            for entry in entries {
                bits |= UInt64(entry) << count
                count += type.rawValue
                while count >= 8 {
                    buffer[filled] = UInt8(truncatingIfNeeded: bits)
                    filled += 1
                    bits >>= 8
                    count -= 8
                }
            }
            if count > 0 {
                buffer[filled] = UInt8(truncatingIfNeeded: bits)
                filled += 1
            }
        }
    }

    /// All whole numbers of `width` bits.
    private static func unpack(_ bytes: some Collection<UInt8>, width: Int) -> [UInt32] {
        var numbers: [UInt32] = []
        numbers.reserveCapacity(bytes.count * 8 / width)
        var (bits, count): (UInt64, Int) = (0, 0)
        for byte in bytes {
            bits |= UInt64(byte) << count
            count += 8
            guard count >= width else { continue }
            numbers.append(UInt32(bits & (1 << UInt64(width) - 1)))
            bits >>= width
            count -= width
        }
        return numbers
    }

    /// The clusters of the chain that starts at `first`; ends early where the table is damaged.
    public func chain(from first: ClusterNumber) -> [ClusterNumber] {
        var chain: [ClusterNumber] = []
        var next = first.rawValue
        while entries.indices.contains(Int(next)), next >= ClusterNumber.first.rawValue,
            next < type.endOfChain, chain.count < entries.count
        {
            chain.append(ClusterNumber(rawValue: next))
            next = entries[Int(next)]
        }
        return chain
    }
}
