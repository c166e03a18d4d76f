/// Why the kernel was not started: which file, which rule, and the number that broke it.
struct BootError: Error {
    var subject: StaticString
    var rule: StaticString
    var found: UInt64?
    var allowed: UInt64?

    init(
        _ subject: StaticString, _ rule: StaticString, found: UInt64? = nil,
        allowed: UInt64? = nil
    ) {
        self.subject = subject
        self.rule = rule
        self.found = found
        self.allowed = allowed
    }
}
