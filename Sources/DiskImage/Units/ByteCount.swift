/// A number of bytes.
public struct ByteCount: Quantity, CustomStringConvertible {
    /// The number of bytes.
    public let value: UInt64

    /// A number of bytes.
    public init(_ value: UInt64) { self.value = value }

    /// The number of bytes in something that lies in memory.
    public init(of bytes: some Collection<UInt8>) { self.init(UInt64(bytes.count)) }

    /// So many times 1,024 bytes.
    public static func kibibytes(_ count: UInt64) -> Self { Self(count << 10) }

    /// So many times 1,048,576 bytes.
    public static func mebibytes(_ count: UInt64) -> Self { Self(count << 20) }

    /// The number with its unit, such as `512 bytes`.
    public var description: String { value == 1 ? "1 byte" : "\(value) bytes" }
}
