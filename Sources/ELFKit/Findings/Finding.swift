/// What was found about a kernel: text and JSON are made of the same parts.
public struct Finding: Equatable, Sendable {
    /// How much it weighs, the heaviest first.
    public enum Severity: String, CaseIterable, Sendable {
        /// The kernel cannot be loaded.
        case error
        /// The kernel is loaded, but may not do what is expected.
        case warning
        /// Something could not be looked at.
        case note
    }

    /// The rule, which knows the severity and the remedy.
    public let rule: ELFRule
    /// What is wrong, in words, with the numbers and without the remedy.
    public let message: String
    /// Where and what, one by one.
    public let details: Details

    /// The parts of a finding that differ from kernel to kernel.
    public struct Details: Equatable, Sendable {
        /// Where: "ELF header", "segment 1 (PT_LOAD)".
        public var place: String
        /// The field, by its name in the specification.
        public var field: String
        /// What is there, if that can be said in a few characters.
        public var found: String?
        /// What may be there.
        public var allowed: String?

        /// Collects the parts.
        public init(
            place: String, field: String, found: String? = nil, allowed: String? = nil
        ) {
            (self.place, self.field) = (place, field)
            (self.found, self.allowed) = (found, allowed)
        }
    }

    /// A finding by that rule.
    public init(_ rule: ELFRule, _ message: String, _ details: Details) {
        (self.rule, self.message, self.details) = (rule, message, details)
    }
}

extension Finding: CustomStringConvertible {
    /// One line: what is wrong, then the remedy.
    public var description: String { "\(message); \(rule.remedy)" }
}
