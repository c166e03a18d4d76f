import CMachine

/// Faults in the loader itself, failed preconditions of Swift among them: they become messages.
enum Exceptions {
    /// Says what happened.
    static func report(_ frame: exception_frame, to output: some TextOutput) {
        output.write("bootimage: the loader failed: exception ")
        output.write(hexadecimal: frame.vector)
        output.write(", error code ")
        output.write(hexadecimal: frame.error_code)
        output.write(", at ")
        output.write(hexadecimal: frame.instruction_pointer)
        output.write("\r\n")
    }
}
