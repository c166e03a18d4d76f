#if hasFeature(Embedded)
    import KernelRuntime

    /// Where every processor exception ends, also the one that a failed precondition in Swift
    /// raises: says what happened on the serial line and stops.
    func panic(_ frame: UnsafePointer<exception_frame>?) {
        guard let frame = frame?.pointee else { halt_forever() }
        serial_write_text("\nKernel panic: exception ")
        serial_write_hexadecimal(frame.vector)
        serial_write_text(", error code ")
        serial_write_hexadecimal(frame.error_code)
        serial_write_text(", at ")
        serial_write_hexadecimal(frame.instruction_pointer)
        serial_write_text("\n")
        debug_exit(Int32(DEBUG_EXIT_FAILURE))
    }
#endif
