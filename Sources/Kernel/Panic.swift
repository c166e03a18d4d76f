#if hasFeature(Embedded)
    import KernelRuntime

    /// Where every processor exception ends, also the one that a failed precondition in Swift
    /// raises: says what happened on the serial line and stops.
    func panic(_ frame: UnsafePointer<exception_frame>?) {
        serial_write_text("\nKernel panic: ")
        serial_write_exception(frame)
        serial_write_text("\n")
        debug_exit(Int32(DEBUG_EXIT_FAILURE))
    }
#endif
