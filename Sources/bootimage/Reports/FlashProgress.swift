import FlashKit
import HostSystem

struct FlashProgress {
    /// Faster updates are not visible.
    private static let interval = Duration.milliseconds(200)

    private let plan: FlashPlan
    private var step = FlashEvent.Step.clearing
    private var stepStart = Duration.zero
    private var nextLine = Duration.zero

    init(_ plan: FlashPlan) { self.plan = plan }

    /// Returns the line to show at a moment since the start; nil if it is too early for a new one.
    mutating func line(_ step: FlashEvent.Step, _ done: UInt64, at moment: Duration) -> String? {
        if step != self.step {
            (self.step, stepStart, nextLine) = (step, moment, .zero)
        }
        guard moment >= nextLine else { return nil }
        nextLine = moment + Self.interval
        switch step {
        case .clearing: return "clearing the first sectors"
        case .flushing: return "flushing to the medium"
        case .finishing: return "writing the first sectors"
        case .writing:
            let total = plan.byteCount - UInt64(plan.head.count)
            return "writing    \(rate(done, of: total, in: moment - stepStart))"
        case .comparing:
            return "comparing  \(rate(done, of: plan.byteCount, in: moment - stepStart))"
        }
    }

    private func rate(_ done: UInt64, of total: UInt64, in time: Duration) -> String {
        let percent = total == 0 ? 100 : done * 100 / total
        var parts = ["\(percent) %", "\(Size.decimal(done)) of \(Size.decimal(total))"]
        let milliseconds = UInt64(max(time.wholeMilliseconds, 0))
        // Earlier, the rate is not reliable.
        if milliseconds >= 500, done > 0 {
            parts.append("\(Size.decimal(done * 1000 / milliseconds))/s")
            let rest = (total - min(done, total)) * milliseconds / done / 1000
            parts.append("\(Duration.seconds(rest).minutesText) left")
        }
        return parts.joined(separator: ", ")
    }
}

extension Duration {
    /// Minutes and seconds, such as `1:05`.
    var minutesText: String {
        let seconds = max(components.seconds, 0)
        return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
    }
}

enum Size {
    /// A size in decimal units, as on disks: `30.8 GB`.
    static func decimal(_ byteCount: UInt64) -> String {
        var (value, unit) = (byteCount, 0)
        var tenths: UInt64 = 0
        while value >= 1000, unit < units.count - 1 {
            tenths = value % 1000 / 100
            value /= 1000
            unit += 1
        }
        let digit = unit == 0 || value >= 100 ? "" : ".\(tenths)"
        return "\(value)\(digit) \(units[unit])"
    }

    private static let units = ["B", "kB", "MB", "GB", "TB", "PB"]
}
