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

    /// Writes one line, if the level is logged: a format of `TextOutput` with its numbers.
    @inline(never)
    func write(
        _ level: LogSettings.Level, _ format: Text, _ first: UInt64, _ second: UInt64
    ) {
        guard level.rawValue <= settings.level.rawValue else { return }
        if settings.goesToSerial { SerialPort().writeLine(format, first, second) }
        if settings.screenUse == .everything { screen.writeLine(format, first, second) }
    }

    /// Writes what a debugger needs to the serial line, whatever the level.
    func writeForDebugger(entry: VirtualAddress, slide: UInt64, word: PhysicalAddress) {
        SerialPort().writeLine(
            "waiting for a debugger; entry point %x, moved by %x, until not 0: %x",
            entry.rawValue, slide, word.rawValue)
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
    /// Writes a line in which `%x`, `%d` and `%s` stand for the next number: as an address, as a
    /// count, and as a size.
    @inline(never)
    fileprivate func writeLine(
        _ format: Text, _ first: UInt64, _ second: UInt64, _ third: UInt64 = 0
    ) {
        write("bootimage: ")
        var numbers = (first, second, third)
        var index = 0
        while format[index] != 0 {
            if format[index] == UInt8(ascii: "%") {
                index += 1
                switch format[index] {
                case UInt8(ascii: "x"): write(numbers.0, as: .address)
                case UInt8(ascii: "s"): write(numbers.0, as: .size)
                default: write(numbers.0, as: .count)
                }
                numbers = (numbers.1, numbers.2, 0)
            } else {
                put(format[index])
            }
            index += 1
        }
        write("\r\n")
    }
}

/// Reports faults in the loader itself, including failed preconditions.
enum Exceptions {
    static func report(
        _ vector: UInt64, _ errorCode: UInt64, at instruction: UInt64, to output: some TextOutput
    ) {
        output.writeLine(
            "the loader failed: exception %x, error code %x, at %x", vector, errorCode, instruction)
    }
}
