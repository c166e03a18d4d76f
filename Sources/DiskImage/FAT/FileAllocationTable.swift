/// The number of a cluster: the first one of the data area is 2; 0 stands for "none".
struct ClusterNumber: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number, 28 bits.
    let rawValue: UInt32

    /// No cluster: in empty files, in root folders outside the clusters, and in the `..` of folders
    /// in the root.
    static let none = Self(rawValue: 0)
    /// The first cluster of the data area; on FAT32 images are written with the root folder there.
    static let first = Self(rawValue: 2)
    /// How many numbers stand for no cluster: 0 and 1.
    static let reservedCount: UInt64 = 2

    static func + (number: Self, count: UInt64) -> Self {
        Self(rawValue: number.rawValue + UInt32(count))
    }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Consecutive clusters of one file or folder.
struct ClusterRun: Hashable {
    /// The first cluster; none in an empty run.
    let first: ClusterNumber
    let count: UInt64

    static let none = Self(first: .none, count: 0)
}

/// A FAT: for each cluster the next one of its chain (FAT 1.03 §4).
///
/// On the disk the entries are the digits of one little-endian number: those of FAT12 share bytes,
/// and may cross the end of a sector.
struct FileAllocationTable: Equatable {
    let type: FATType
    /// The entries from cluster 0 to the last one in use.
    let entries: [UInt32]

    /// The table in which each run is a chain and all other clusters are free.
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

    /// The entries as bytes; the rest of the table on the disk is zero.
    func encoded() -> [UInt8] {
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
}
