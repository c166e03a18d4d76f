import CMachine

/// The generic timer.
enum Clock {
    /// Its frequency in Hz; nil if the firmware has not set it.
    static var statedFrequency: UInt64? { counter_frequency() == 0 ? nil : counter_frequency() }

    static func frequency() -> UInt64? { statedFrequency }
}
