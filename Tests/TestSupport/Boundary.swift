/// Finds where a function of a number changes its value.
public enum Boundary {
    /// Returns the numbers, in ascending order, for which `value` differs from the number before.
    ///
    /// Samples every `step` numbers. A value that changes and changes back between two samples is
    /// missed.
    public static func changes<Value: Equatable>(
        in range: ClosedRange<Int>, step: Int, of value: (Int) throws -> Value
    ) rethrows -> [Int] {
        var changes: [Int] = []
        var low = range.lowerBound
        var old = try value(low)
        while low < range.upperBound {
            let high = min(low + step, range.upperBound)
            let new = try value(high)
            if new == old {
                low = high
            } else {
                low = try firstChange(after: low, upTo: high, from: old, of: value)
                changes.append(low)
                old = try value(low)
            }
        }
        return changes
    }

    private static func firstChange<Value: Equatable>(
        after low: Int, upTo high: Int, from old: Value, of value: (Int) throws -> Value
    ) rethrows -> Int {
        var (low, high) = (low, high)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try value(middle) == old { low = middle } else { high = middle }
        }
        return high
    }
}
