import CMachine

/// COM1 at 115,200 baud (PC16550D data sheet).
struct SerialPort: TextOutput {
    private static let base: UInt16 = 0x3F8

    /// A PC is assumed to have it.
    static var isKnown: Bool { true }

    /// None that the kernel could find in memory.
    static var device: boot_serial_port { boot_serial_port() }

    /// Sets 115,200 baud, 8 data bits, no parity, one stop bit, FIFOs on.
    static func initialize<P: Firmware>(on firmware: inout P) {
        port_write(base + 1, 0x00)
        port_write(base + 3, 0x80)
        port_write(base + 0, 0x01)
        port_write(base + 1, 0x00)
        port_write(base + 3, 0x03)
        port_write(base + 2, 0xC7)
        port_write(base + 4, 0x0B)
    }

    /// Sends one character, even if the transmitter never becomes ready.
    func put(_ character: UInt8) {
        var attempts = 100_000
        while port_read(Self.base + 5) & 0x20 == 0 && attempts > 0 { attempts -= 1 }
        port_write(Self.base, character)
    }
}
