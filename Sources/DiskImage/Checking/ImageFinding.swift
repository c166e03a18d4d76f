import HostSystem

/// What is wrong with an image: text and JSON are made of the same parts.
public struct ImageFinding: Equatable, Sendable {
    /// How much it weighs, the heaviest first.
    public enum Severity: String, CaseIterable, Sendable {
        /// The image is damaged, or some machine will not boot it.
        case error
        /// The image boots, but is not as it should be.
        case warning
    }

    /// The rule, which knows the severity and the remedy.
    public let rule: ImageRule
    /// The structure: "backup GPT header", "/EFI/BOOT/BOOTX64.EFI".
    public let place: String
    /// Where the field lies, in bytes from the image's start.
    public let offset: UInt64
    /// What is there.
    public let found: String
    /// What may be there.
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
    /// One line: where, which rule, what was found, what is allowed, the remedy.
    public var description: String {
        "\(place) at offset \(hex(offset)): \(rule.field) \(found), must be \(allowed); "
            + rule.remedy
    }
}

/// Takes what is found, up to a number of findings for each rule.
struct ImageFindings {
    /// In the order in which they were found.
    private(set) var all: [ImageFinding] = []
    private var counts: [ImageRule: Int] = [:]

    /// The most that are kept by one rule: a FAT may have millions of bad entries.
    static let limitByRule = 20

    /// How many more there are than were kept, by rule.
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

    /// Reports a field of a structure unless the condition holds.
    mutating func expect(
        _ condition: Bool, _ rule: ImageRule, _ region: Region, at field: Int,
        found: @autoclosure () -> String, allowed: @autoclosure () -> String
    ) {
        if condition { return }
        report(
            rule, region.place, at: region.offset + UInt64(field), found: found(),
            allowed: allowed())
    }

    /// Reports a number in a structure unless it is the allowed one.
    mutating func expect<Number: FixedWidthInteger & UnsignedInteger>(
        _ rule: ImageRule, _ region: Region, at field: Int, is allowed: Number
    ) {
        let found: Number = region.number(at: field)
        expect(
            found == allowed, rule, region, at: field, found: hex(found), allowed: hex(allowed))
    }
}
