import CMachine

/// COM1 at whatever speed the firmware left it, or 115,200 baud (PC16550D data sheet).
enum SerialPort {
    static let base: UInt16 = 0x3F8

    /// Sets 115,200 baud, 8 data bits, no parity, one stop bit, FIFOs on.
    static func initialize() {
        port_write(base + 1, 0x00)
        port_write(base + 3, 0x80)
        port_write(base + 0, 0x01)
        port_write(base + 1, 0x00)
        port_write(base + 3, 0x03)
        port_write(base + 2, 0xC7)
        port_write(base + 4, 0x0B)
    }

    /// Sends one byte; gives up on a transmitter that never gets ready.
    static func write(_ byte: UInt8) {
        var patience = 100_000
        while port_read(base + 5) & 0x20 == 0 && patience > 0 { patience -= 1 }
        port_write(base, byte)
    }
}

/// Text for the serial line, and for the screen as well where a person must see it.
struct Log<Platform: Firmware> {
    var platform: Platform
    var showsOnScreen: Bool

    func write(_ character: UInt8) {
        if character == UInt8(ascii: "\n") { write(UInt8(ascii: "\r")) }
        SerialPort.write(character)
        if showsOnScreen { platform.show(character) }
    }

    func write(_ text: StaticString) {
        text.withUTF8Buffer { for character in $0 { write(character) } }
    }

    func write(hexadecimal value: UInt64) {
        write("0x")
        var shift: UInt64 = 60
        while shift > 0 && value >> shift == 0 { shift -= 4 }
        while true {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 0xF)
            write(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            if shift == 0 { return }
            shift -= 4
        }
    }

    func write(_ error: BootError) {
        write("bootimage: ")
        write(error.subject)
        write(": ")
        write(error.rule)
        write(": found ")
        write(hexadecimal: error.found)
        if let allowed = error.allowed {
            write(", allowed ")
            write(hexadecimal: allowed)
        }
        write("\n")
    }
}
