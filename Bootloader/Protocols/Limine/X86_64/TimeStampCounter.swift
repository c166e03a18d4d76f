import CLimineMachine
import CMachine

/// The processor's clock.
enum TimeStampCounter {
    /// Its frequency in Hz; nil if it cannot be found.
    ///
    /// CPUID's leaf 15h states it, or it is measured against the PC's timer for two milliseconds.
    static func frequency() -> UInt64? {
        let stated = stated_counter_frequency()
        return stated != 0 ? stated : measured()
    }

    /// Counts down with channel 2 of the 8254 timer, whose gate and output are in port 61h.
    private static func measured() -> UInt64? {
        let timerFrequency: UInt64 = 1_193_182
        let ticks: UInt64 = 2386
        port_write(0x61, port_read(0x61) & ~3 | 1)
        port_write(0x43, 0xB0)  // channel 2, both bytes, mode 0
        port_write(0x42, UInt8(ticks & 0xFF))
        port_write(0x42, UInt8(ticks >> 8))
        let start = read_counter()
        var attempts = 1_000_000
        while port_read(0x61) & 0x20 == 0 {
            attempts -= 1
            guard attempts > 0 else { return nil }
        }
        return (read_counter() - start) * timerFrequency / ticks
    }
}
