/// The number of a cluster: the first of the data area is 2; 0 stands for "none".
public struct ClusterNumber: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number, 28 bits.
    public let rawValue: UInt32

    /// The cluster with that number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// What an empty file has, and `..` of a folder that lies in the root.
    public static let none = Self(rawValue: 0)
    /// The first cluster of the data area; here always the root folder's.
    public static let first = Self(rawValue: 2)

    /// The cluster so many further on.
    static func + (number: Self, count: UInt64) -> Self {
        Self(rawValue: number.rawValue + UInt32(count))
    }

    /// Whether `left` has the smaller number.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
