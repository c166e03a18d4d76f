import CMachine

/// The clock in a PC's CMOS memory (MC146818).
enum RealTimeClock {
    /// Reads the clock, between two of its updates.
    static func read() -> CalendarTime? {
        var attempts = 100_000
        while register(0x0A) & 0x80 != 0 {
            attempts -= 1
            guard attempts > 0 else { return nil }
        }
        let status = register(0x0B)
        func number(_ index: UInt8, mask: UInt8 = 0xFF) -> Int64 {
            let value = register(index) & mask
            let isBinary = status & 0x04 != 0
            return Int64(isBinary ? value : value >> 4 * 10 + value & 0x0F)
        }
        var hour = number(0x04, mask: 0x7F)
        if status & 0x02 == 0 { hour = hour % 12 + (register(0x04) & 0x80 != 0 ? 12 : 0) }
        return CalendarTime(
            year: 2000 + number(0x09), month: number(0x08), day: number(0x07), hour: hour,
            minute: number(0x02), second: number(0x00))
    }

    private static func register(_ index: UInt8) -> UInt8 {
        port_write(0x70, index)
        return port_read(0x71)
    }
}
