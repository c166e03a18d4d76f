/// Why the kernel was not started: which file, which rule, and the number that broke it.
///
/// Texts are kept as pointers: a static string is three words, and there are many places that
/// throw. Static text never changes, so that sending it is safe.
struct BootError: Error, @unchecked Sendable {
    private let subjectText: UnsafePointer<UInt8>
    private let ruleText: UnsafePointer<UInt8>
    let found: UInt64?
    let allowed: UInt64?

    /// - Parameters:
    ///   - subject: What is at fault, such as a file.
    ///   - rule: What it should have been, or what it is, in the user's words.
    ///   - found: The number at fault.
    ///   - allowed: What it should have been at most, or exactly.
    init(
        _ subject: StaticString, _ rule: StaticString, found: UInt64? = nil,
        allowed: UInt64? = nil
    ) {
        subjectText = subject.utf8Start
        ruleText = rule.utf8Start
        self.found = found
        self.allowed = allowed
    }

    /// Writes the error as one line.
    func write(to output: some TextOutput) {
        output.write("bootimage: ")
        output.write(zeroTerminated: subjectText)
        output.write(": ")
        output.write(zeroTerminated: ruleText)
        if let found {
            output.write(": ")
            output.write(hexadecimal: found)
        }
        if let allowed {
            output.write(", allowed ")
            output.write(hexadecimal: allowed)
        }
        output.write("\r\n")
    }
}
