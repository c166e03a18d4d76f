#if hasFeature(Embedded)
    import KernelRuntime

    /// COM1 at 115,200 baud, 8 data bits, no parity (PC16550D data sheet).
    enum SerialPort {
        private static let base: UInt16 = 0x3F8
        private static let transmitterReady: UInt8 = 0x20

        static func initialize() {
            port_write(base + 1, 0x00)  // no interrupts
            port_write(base + 3, 0x80)  // the divisor follows: 1
            port_write(base + 0, 0x01)
            port_write(base + 1, 0x00)
            port_write(base + 3, 0x03)
            port_write(base + 2, 0xC7)  // FIFOs on, empty
            port_write(base + 4, 0x0B)
        }

        /// Sends one character; a line feed becomes carriage return and line feed.
        static func write(_ character: UInt8) {
            if character == UInt8(ascii: "\n") { write(UInt8(ascii: "\r")) }
            while port_read(base + 5) & transmitterReady == 0 {}
            port_write(base, character)
        }

        static func write(_ text: StaticString) {
            text.withUTF8Buffer { for character in $0 { write(character) } }
        }
    }

    /// QEMU's `isa-debug-exit` device at port 0xF4; without it, writing there does nothing.
    enum DebugExit {
        /// Ends QEMU with status 33.
        static func success() { port_write(0xF4, 0x10) }
        /// Ends QEMU with status 35.
        static func failure() { port_write(0xF4, 0x11) }
    }
#endif
