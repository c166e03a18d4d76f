import Foundation

/// A figure that the project has promised.
struct Target: Codable {
    /// What is measured.
    let name: String
    /// What was measured; `nil` if this machine cannot, with ``remark`` saying why.
    let value: Double?
    /// The most that it may be.
    let limit: Double
    let unit: Unit
    /// What a reader has to know.
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

/// One measured figure.
struct Figure: Codable {
    /// What was measured, such as `256 KiB kernel, disk`.
    let name: String
    /// Who was: `bootimage`, `base`, `cp`.
    let contender: String
    /// The column, such as `wall`.
    let metric: String
    let value: Double
    let unit: Unit
}

/// What a figure counts.
enum Unit: String, Codable {
    case milliseconds = "ms"
    case ratio = "×"
    case mebibytes = "MiB"
    case kibibytes = "KiB"
    case millions = "M"
    case count = ""

    /// A figure as people read it.
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
