/// One finding about a kernel; its text and its JSON have the same parts.
public struct Finding: Equatable, Sendable {
    /// How severe a finding is, the most severe first.
    public enum Severity: String, CaseIterable, Sendable {
        /// The kernel cannot be loaded.
        case error
        /// The kernel can be loaded, but may not behave as expected.
        case warning
        /// Information that requires no change to the kernel.
        case note
    }

    /// The rule, which determines severity and remedy.
    public let rule: ELFRule
    /// The place, what is wrong, what was found and what is allowed; without the remedy.
    public let message: String
    /// The parts of the message, for programs.
    public let details: Details

    /// The parts of a finding that differ between kernels.
    public struct Details: Equatable, Sendable {
        /// Such as "ELF header" or "segment 1 (PT_LOAD)".
        public var place: String
        /// The field's name in the specification.
        public var field: String
        /// The value that was found, if it has a short form.
        public var found: String?
        /// The allowed values.
        public var allowed: String?
    }

    /// A finding by default about the rule's own field; the message need not name the place.
    package init(
        _ rule: ELFRule, at place: String, field: String? = nil, found: String? = nil,
        allowed: String? = nil, message: String
    ) {
        (self.rule, self.message) = (rule, message)
        details = Details(
            place: place, field: field ?? rule.field, found: found, allowed: allowed)
    }

    /// A finding whose message names the place.
    ///
    /// `problem` is what is wrong in words, by default "FIELD is FOUND, must be ALLOWED".
    init(
        _ rule: ELFRule, at place: String, field: String? = nil, _ found: String,
        _ allowed: String, _ problem: String? = nil
    ) {
        let problem = problem ?? "\(field ?? rule.field) is \(found), must be \(allowed)"
        self.init(
            rule, at: place, field: field, found: found, allowed: allowed,
            message: "\(place): \(problem)")
    }

    /// A finding about bytes that extend past the end of the file.
    init(
        _ rule: ELFRule, at place: String, field: String? = nil, pastEnd byteCount: UInt64,
        from offset: UInt64, fileByteCount: UInt64
    ) {
        self.init(
            rule, at: place, field: field, "\(byteCount) bytes at \(hex(offset))",
            "within \(fileByteCount) bytes",
            "\(byteCount) bytes at \(hex(offset)) extend past the end of the file "
                + "(\(fileByteCount) bytes)")
    }
}

extension Finding: CustomStringConvertible {
    /// One line: the message, then the remedy.
    public var description: String { "\(message); \(rule.remedy)" }
}
