import CMachine

/// The time stamp counter.
enum Clock {
    /// Its frequency in Hz by CPUID's leaf 15h; nil if that does not state it.
    static var statedFrequency: UInt64? {
        let ratio = cpuid(0x15)
        guard ratio.eax != 0, ratio.ebx != 0, ratio.ecx != 0 else { return nil }
        return UInt64(ratio.ecx) * UInt64(ratio.ebx) / UInt64(ratio.eax)
    }

    /// The stated frequency, or the one measured against the PC's timer in three times two
    /// milliseconds; nil if it cannot be found.
    static func frequency() -> UInt64? {
        if let statedFrequency { return statedFrequency }
        // Whatever interrupts a measurement makes it longer.
        var least: UInt64?
        for _ in 0..<3 {
            guard let next = measured() else { return nil }
            least = min(least ?? next, next)
        }
        return least
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
