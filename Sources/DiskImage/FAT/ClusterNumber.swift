/// The number of a cluster: the first of the data area is 2; 0 stands for "none".
public struct ClusterNumber: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number, 28 bits.
    public let rawValue: UInt32

    /// The cluster with that number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// What an empty file has, a root folder outside the clusters, and `..` of what lies in a root.
    public static let none = Self(rawValue: 0)
    /// The first cluster of the data area; on FAT32 it is always the root folder's here.
    public static let first = Self(rawValue: 2)
    /// How many numbers name no cluster: 0 and 1.
    static let reservedCount: UInt64 = 2

    /// The cluster so many further on.
    static func + (number: Self, count: UInt64) -> Self {
        Self(rawValue: number.rawValue + UInt32(count))
    }

    /// Whether `left` has the smaller number.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
