/// A fault in an image; its text and its JSON have the same parts.
public struct ImageFinding: Equatable, Sendable {
    /// The severities, most severe first.
    public enum Severity: String, CaseIterable, Sendable {
        /// The image is damaged, or some machine will not boot it.
        case error
        /// The image boots, but breaks a rule.
        case warning
    }

    /// The broken rule, with its severity and remedy.
    public let rule: ImageRule
    /// The structure: "backup GPT header", "/EFI/BOOT/BOOTX64.EFI".
    public let place: String
    /// The field's place, in bytes from the image's start.
    public let offset: UInt64
    /// The value found.
    public let found: String
    /// The allowed values.
    public let allowed: String

    /// A finding by that rule.
    public init(
        _ rule: ImageRule, place: String, offset: UInt64, found: String, allowed: String
    ) {
        (self.rule, self.place, self.offset) = (rule, place, offset)
        (self.found, self.allowed) = (found, allowed)
    }
}

extension ImageFinding: CustomStringConvertible {
    /// One line: the place, the field, the value found, the allowed values, and the remedy.
    public var description: String {
        "\(place) at offset \(hex(offset)): \(rule.field) \(found), must be \(allowed); "
            + rule.remedy
    }
}

/// Collects findings, up to a limit for each rule.
struct ImageFindings {
    private(set) var all: [ImageFinding] = []
    private var counts: [ImageRule: Int] = [:]

    /// The number of findings kept for one rule: a FAT may have millions of bad entries.
    static let limitByRule = 20

    /// The number of findings beyond the limit, by rule.
    var omittedCounts: [ImageRule: Int] {
        counts.mapValues { $0 - Self.limitByRule }.filter { $0.value > 0 }
    }

    mutating func report(
        _ rule: ImageRule, _ place: String, at offset: UInt64, found: String, allowed: String
    ) {
        counts[rule, default: 0] += 1
        guard counts[rule, default: 0] <= Self.limitByRule else { return }
        all.append(
            ImageFinding(
                rule, place: place, offset: offset, found: found, allowed: allowed))
    }

    mutating func report(
        _ rule: ImageRule, _ region: Region, at field: Int, found: String, allowed: String
    ) {
        report(
            rule, region.place, at: region.offset + UInt64(field), found: found, allowed: allowed)
    }

    /// Reports a field of a structure unless the condition holds.
    mutating func expect(
        _ condition: Bool, _ rule: ImageRule, _ region: Region, at field: Int,
        found: @autoclosure () -> String, allowed: @autoclosure () -> String
    ) {
        if condition { return }
        report(rule, region, at: field, found: found(), allowed: allowed())
    }

    /// Reports a number in a structure unless it has the allowed value.
    mutating func expect<Number: FixedWidthInteger & UnsignedInteger>(
        _ rule: ImageRule, _ region: Region, at field: Int, is allowed: Number
    ) {
        let found: Number = region.number(at: field)
        expect(
            found == allowed, rule, region, at: field, found: hex(found), allowed: hex(allowed))
    }
}
