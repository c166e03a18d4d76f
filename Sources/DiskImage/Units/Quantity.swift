/// A count of one kind of thing; counts of different kinds never mix.
///
/// Arithmetic traps on overflow. Sizes that come from outside are checked by `layOut()`, which
/// refuses an image of 2 TiB and more before it adds anything up.
public protocol Quantity: Hashable, Comparable, Sendable {
    /// The bare number, in the unit that the type names.
    var value: UInt64 { get }

    /// Makes a quantity from a bare number.
    init(_ value: UInt64)
}

extension Quantity {
    /// None of them.
    public static var zero: Self { Self(0) }

    /// The smallest multiple of `unit`, not zero, that is not below this; traps if that overflows.
    public func roundedUp(toMultipleOf unit: Self) -> Self {
        let remainder = value % unit.value
        return remainder == 0 ? self : Self(value + (unit.value - remainder))
    }

    /// How many pieces of `unit`, not zero, hold this: the quotient, rounded up.
    public func divided(intoPiecesOf unit: Self) -> UInt64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit.value)
        return remainder == 0 ? quotient : quotient + 1
    }

    /// The sum.
    public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }

    /// The difference; traps if `right` is the larger.
    public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }

    /// Adds `right` to `left`.
    public static func += (left: inout Self, right: Self) { left = left + right }

    /// Whether `left` is the smaller number.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
