/// A fault in an image; its text and its JSON have the same parts.
public struct ImageFinding: Equatable, Sendable, CustomStringConvertible {
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
    public init(_ rule: ImageRule, place: String, offset: UInt64, found: String, allowed: String) {
        (self.rule, self.place, self.offset) = (rule, place, offset)
        (self.found, self.allowed) = (found, allowed)
    }

    /// One line: the place, the field, the value found, the allowed values, and the remedy.
    public var description: String {
        "\(place) at offset \(hex(offset)): \(rule.field) \(found), must be \(allowed); "
            + rule.remedy
    }
}

/// Collects findings, up to a limit for each rule; all checks of an image share one collection.
final class ImageFindings {
    private var kept: [ImageFinding] = []
    private var counts: [ImageRule: Int] = [:]

    /// The number of findings kept for one rule: a FAT may have millions of bad entries.
    static let limitByRule = 20

    /// The findings in order, then how many more of each rule were omitted.
    var all: [ImageFinding] {
        let omitted = ImageRule.allCases.compactMap { rule -> ImageFinding? in
            let count = counts[rule, default: 0] - Self.limitByRule
            guard count > 0 else { return nil }
            return ImageFinding(
                rule, place: "image", offset: 0, found: "has \(count) more faults",
                allowed: "without faults")
        }
        return kept + omitted
    }

    func report(
        _ rule: ImageRule, _ place: String, at offset: UInt64, found: String, allowed: String
    ) {
        counts[rule, default: 0] += 1
        guard counts[rule, default: 0] <= Self.limitByRule else { return }
        kept.append(
            ImageFinding(rule, place: place, offset: offset, found: found, allowed: allowed))
    }

    func report(
        _ rule: ImageRule, _ region: Region, at field: Int, found: String, allowed: String
    ) {
        report(
            rule, region.place, at: region.offset + UInt64(field), found: found, allowed: allowed)
    }

    /// Reports a field of a structure unless the condition holds; returns whether it does.
    @discardableResult
    func expect(
        _ condition: Bool, _ rule: ImageRule, _ region: Region, at field: Int,
        found: @autoclosure () -> String, allowed: @autoclosure () -> String
    ) -> Bool {
        if !condition { report(rule, region, at: field, found: found(), allowed: allowed()) }
        return condition
    }

    /// Reports the first byte that differs from the original's; returns whether there is none.
    @discardableResult
    func expect(
        _ rule: ImageRule, _ copy: Region, equals original: Region, _ name: String
    ) -> Bool {
        guard copy.bytes != original.bytes,
            let (field, bytes) = zip(copy.bytes, original.bytes).enumerated()
                .first(where: { $1.0 != $1.1 })
        else { return true }
        report(
            rule, copy, at: field, found: hex(bytes.0), allowed: "\(hex(bytes.1)), as in \(name)")
        return false
    }

    /// Reports a number in a structure unless it has the allowed value.
    @discardableResult
    func expect<Number: FixedWidthInteger & UnsignedInteger>(
        _ rule: ImageRule, _ region: Region, at field: Int, is allowed: Number
    ) -> Bool {
        let found: Number = region.number(at: field)
        return expect(
            found == allowed, rule, region, at: field, found: hex(found), allowed: hex(allowed))
    }
}
