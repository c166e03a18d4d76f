import Foundation

/// A measurement with its limit.
struct Target: Codable {
    /// What is measured.
    let name: String
    /// The result; `nil` if it cannot be measured here, with the reason in ``remark``.
    let value: Double?
    /// The maximum.
    let limit: Double
    let unit: Unit
    /// A note for the reader.
    var remark: String?

    init(
        _ name: String, _ value: Double?, atMost limit: Double, _ unit: Unit,
        remark: String? = nil
    ) {
        self.name = name
        self.value = value
        self.limit = limit
        self.unit = unit
        self.remark = remark
    }

    /// `pass`, `short`, or `not measured`.
    var verdict: String {
        guard let value else { return "not measured" }
        return value <= limit ? "pass" : "short"
    }
}

/// One result.
struct Figure: Codable {
    /// What was measured, such as `256 KiB kernel, disk`.
    let name: String
    /// The measured program: `bootimage`, `base`, `cp`.
    let contender: String
    /// The column, such as `wall`.
    let metric: String
    let value: Double
    let unit: Unit
}

/// The unit of a result.
enum Unit: String, Codable {
    case milliseconds = "ms"
    case ratio = "×"
    case mebibytes = "MiB"
    case kibibytes = "KiB"
    case millions = "M"
    case count = ""

    /// The value with its unit.
    func text(_ value: Double) -> String {
        let digits =
            switch self {
            case .ratio: 2
            case .count: 0
            case .milliseconds where value < 100: 2
            default: 1
            }
        return String(format: "%.\(digits)f \(rawValue)", value)
            .trimmingCharacters(in: .whitespaces)
    }
}
