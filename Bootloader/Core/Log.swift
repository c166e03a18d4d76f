/// How much the loader tells, and where.
struct LogSettings {
    /// Each level includes those before it.
    enum Level: UInt8 {
        case off, error, warn, info, debug, trace
    }

    /// What the firmware's screen shows.
    enum ScreenUse {
        case nothing
        /// What firmware draws, it draws slowly, and the kernel soon has the screen.
        case failures
        case everything
    }

    var level = Level.trace
    var screenUse = ScreenUse.failures
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
    @inline(never)
    func write(
        _ level: LogSettings.Level, _ text: StaticString, _ value: UInt64,
        _ secondText: StaticString, _ secondValue: UInt64
    ) {
        guard level.rawValue <= settings.level.rawValue else { return }
        let line = Line(text: text, value: value, secondText: secondText, secondValue: secondValue)
        if settings.goesToSerial { line.write(to: SerialPort()) }
        if settings.screenUse == .everything { line.write(to: screen) }
    }

    /// Writes what a debugger must know, on the serial line, whatever the level.
    func writeForDebugger(entry: UInt64, offset: UInt64, word: UInt64) {
        let start: StaticString = "waiting for a debugger; entry point "
        Line(text: start, value: entry, secondText: ", moved by ", secondValue: offset)
            .write(to: SerialPort(), end: ", until not 0: ")
        SerialPort().write(hexadecimal: word)
        SerialPort().write("\r\n")
    }

    /// Writes why the kernel was not started, to serial line and screen one after the other:
    /// firmware's screen may be on the serial line too.
    @inline(never)
    func write(_ error: BootError) {
        guard settings.level != .off else { return }
        if settings.goesToSerial { error.write(to: SerialPort()) }
        if settings.screenUse != .nothing { error.write(to: screen) }
    }
}

private struct Line {
    var text: StaticString
    var value: UInt64
    var secondText: StaticString
    var secondValue: UInt64

    func write(to output: some TextOutput, end: StaticString = "\r\n") {
        output.write("bootimage: ")
        output.write(text)
        output.write(hexadecimal: value)
        output.write(secondText)
        output.write(hexadecimal: secondValue)
        output.write(end)
    }
}
