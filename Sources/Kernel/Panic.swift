#if hasFeature(Embedded)
    public import KernelRuntime

    /// Where every processor exception ends, also the one that a failed precondition in Swift
    /// raises: says what happened on the serial line and stops.
    @c(kernel_exception) public func kernelException(_ frame: UnsafePointer<exception_frame>) {
        SerialPort.write("\nKernel panic: exception ")
        write(hexadecimal: frame.pointee.vector)
        SerialPort.write(", error code ")
        write(hexadecimal: frame.pointee.error_code)
        SerialPort.write(", at ")
        write(hexadecimal: frame.pointee.instruction_pointer)
        SerialPort.write("\n")
        DebugExit.failure()
        halt_forever()
    }

    private func write(hexadecimal value: UInt64) {
        SerialPort.write("0x")
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(value >> UInt64(shift) & 0xF)
            SerialPort.write(
                digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
#endif
