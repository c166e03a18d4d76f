/// A count of one kind of thing; counts of different kinds never mix.
///
/// Arithmetic traps on overflow. `layOut()` checks sizes that come from outside: it refuses images
/// of 2 TiB and more before it adds anything up.
public protocol Quantity: Hashable, Comparable, Sendable {
    /// The bare number, in the unit that the type names.
    var value: UInt64 { get }

    /// Makes a quantity from a bare number.
    init(_ value: UInt64)
}

extension Quantity {
    /// The empty quantity.
    public static var zero: Self { Self(0) }

    /// The smallest multiple of `unit`, which is not zero, at or above this; traps on overflow.
    public func roundedUp(toMultipleOf unit: Self) -> Self {
        let remainder = value % unit.value
        return remainder == 0 ? self : Self(value + (unit.value - remainder))
    }

    /// The number of pieces of `unit`, which is not zero, that hold this: the quotient, rounded up.
    public func divided(intoPiecesOf unit: Self) -> UInt64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit.value)
        return remainder == 0 ? quotient : quotient + 1
    }

    /// The sum.
    public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }

    /// The difference; traps if `right` is larger.
    public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }

    /// Adds `right` to `left`.
    public static func += (left: inout Self, right: Self) { left = left + right }

    /// Whether `left` is smaller.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A number of bytes.
public struct ByteCount: Quantity, CustomStringConvertible {
    /// The number of bytes.
    public let value: UInt64

    /// A number of bytes.
    public init(_ value: UInt64) { self.value = value }

    /// The length of bytes in memory.
    public init(of bytes: some Collection<UInt8>) { self.init(UInt64(bytes.count)) }

    /// `count` × 1,024 bytes.
    public static func kibibytes(_ count: UInt64) -> Self { Self(count << 10) }

    /// `count` × 1,048,576 bytes.
    public static func mebibytes(_ count: UInt64) -> Self { Self(count << 20) }

    /// The number with its unit, such as `512 bytes`.
    public var description: String { value == 1 ? "1 byte" : "\(value) bytes" }
}

/// A number of sectors of a disk, each as long as the disk's ``SectorSize``.
public struct SectorCount: Quantity, CustomStringConvertible {
    /// The number of sectors.
    public let value: UInt64

    /// A number of sectors.
    public init(_ value: UInt64) { self.value = value }

    /// The number with its unit, such as `2048 sectors`.
    public var description: String { value == 1 ? "1 sector" : "\(value) sectors" }
}
