/// How much the loader logs, and where.
struct LogSettings {
    /// A level includes those before it.
    enum Level: UInt8 {
        case off, error, warn, info, debug, trace
    }

    /// What the firmware's screen shows.
    enum ScreenUse {
        case nothing
        /// The default: firmware draws slowly, and the kernel soon has the screen.
        case failures
        case everything
    }

    var level = Level.trace
    var screenUse = ScreenUse.failures
    var goesToSerial = true
}

/// Writes what the loader does, one line at a time.
struct Log<Screen: TextOutput> {
    let settings: LogSettings
    let screen: Screen

    /// Writes one line, if the level is logged: a text and a number, twice.
    @inline(never)
    func write(
        _ level: LogSettings.Level, _ text: Text, _ value: UInt64,
        _ secondText: Text, _ secondValue: UInt64
    ) {
        guard level.rawValue <= settings.level.rawValue else { return }
        if settings.goesToSerial { SerialPort().write(text, value, secondText, secondValue) }
        if settings.screenUse == .everything { screen.write(text, value, secondText, secondValue) }
    }

    /// Writes what a debugger needs to the serial line, whatever the level.
    func writeForDebugger(entry: VirtualAddress, slide: UInt64, word: PhysicalAddress) {
        SerialPort().write(
            "waiting for a debugger; entry point ", entry.rawValue, ", moved by ", slide,
            end: ", until not 0: ")
        SerialPort().write(hexadecimal: word.rawValue)
        SerialPort().write("\r\n")
    }

    /// Writes an error to the serial line, then to the screen, which may be on that line too.
    @inline(never)
    func write(_ error: BootError) {
        guard settings.level != .off else { return }
        if settings.goesToSerial { error.write(to: SerialPort()) }
        if settings.screenUse != .nothing { error.write(to: screen) }
    }
}

extension TextOutput {
    @inline(never)
    fileprivate func write(
        _ text: Text, _ value: UInt64, _ secondText: Text, _ secondValue: UInt64,
        end: Text = "\r\n"
    ) {
        write("bootimage: ")
        write(text)
        write(hexadecimal: value)
        write(secondText)
        write(hexadecimal: secondValue)
        write(end)
    }
}

/// Reports faults in the loader itself, including failed preconditions.
enum Exceptions {
    static func report(
        _ vector: UInt64, _ errorCode: UInt64, at instruction: UInt64, to output: some TextOutput
    ) {
        output.write(
            "the loader failed: exception ", vector, ", error code ", errorCode, end: ", at ")
        output.write(hexadecimal: instruction)
        output.write("\r\n")
    }
}
