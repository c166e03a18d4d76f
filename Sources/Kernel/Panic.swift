#if hasFeature(Embedded)
    import KernelRuntime

    /// Handles every processor exception, including failed preconditions in Swift: reports it on
    /// the serial port and ends QEMU.
    func panic(_ frame: UnsafePointer<exception_frame>?) {
        serial_write_text("\nKernel panic: ")
        serial_write_exception(frame)
        serial_write_text("\n")
        debug_exit(Int32(DEBUG_EXIT_FAILURE))
    }
#endif
