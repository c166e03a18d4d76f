import CMachine

/// Faults in the loader itself, failed preconditions of Swift among them: they become messages.
enum Exceptions {
    private static let leastByteCount = 32 * 16

    /// Takes over the processor's exceptions and leaves firmware its interrupts.
    ///
    /// The table in force is copied to the page at `page`.
    static func takeOver(page: UInt64) {
        let current = read_idt()
        let table = UnsafeMutableRawBufferPointer(start: page.pointer, count: Int(pageSize))
        let byteCount = min(Int(current.limit) + 1, table.count)
        if let entries = UnsafeRawPointer(bitPattern: UInt(current.address)), byteCount > 1 {
            table.copyMemory(from: UnsafeRawBufferPointer(start: entries, count: byteCount))
        }
        install_exception_handlers(
            table.baseAddress, UInt16(max(byteCount, leastByteCount)))
    }

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
