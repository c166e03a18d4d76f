/// A number of sectors of a disk, each as long as the disk's ``SectorSize``.
public struct SectorCount: Quantity, CustomStringConvertible {
    /// The number of sectors.
    public let value: UInt64

    /// A number of sectors.
    public init(_ value: UInt64) { self.value = value }

    /// The number with its unit, such as `2048 sectors`.
    public var description: String { value == 1 ? "1 sector" : "\(value) sectors" }
}
