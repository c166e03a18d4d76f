/// How much the loader tells, and where.
struct LogSettings {
    /// Each level includes those before it.
    enum Level: UInt8 {
        case off, error, warn, info, debug, trace
    }

    var level = Level.trace
    var showsOnScreen = true
    var goesToSerial = true
}

/// What the loader tells while it works, one line at a time.
struct Log<Screen: TextOutput> {
    private let settings: LogSettings
    private let screen: Screen

    init(_ settings: LogSettings, screen: Screen) {
        self.settings = settings
        self.screen = screen
    }

    /// Writes one line if the level is told: a text, a number, and again.
    ///
    /// It goes to the serial line alone: firmware draws slowly, and the kernel soon has the
    /// screen.
    @inline(never)
    func write(
        _ level: LogSettings.Level, _ text: StaticString, _ value: UInt64,
        _ secondText: StaticString, _ secondValue: UInt64
    ) {
        guard settings.goesToSerial, level.rawValue <= settings.level.rawValue else { return }
        let output = SerialPort()
        output.write("bootimage: ")
        output.write(text)
        output.write(hexadecimal: value)
        output.write(secondText)
        output.write(hexadecimal: secondValue)
        output.write("\r\n")
    }

    /// Writes why the kernel was not started, to serial line and screen one after the other:
    /// firmware's screen may be on the serial line too.
    @inline(never)
    func write(_ error: BootError) {
        guard settings.level != .off else { return }
        if settings.goesToSerial { error.write(to: SerialPort()) }
        if settings.showsOnScreen { error.write(to: screen) }
    }
}
