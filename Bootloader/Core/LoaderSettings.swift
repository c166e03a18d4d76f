import CMachine

/// The loader's settings: the contents of boot.json, in which every key is optional.
struct LoaderSettings {
    enum FailureAction: UInt8 {
        case halt
        case reboot
        /// Writes `exitCode` to QEMU's `isa-debug-exit`, or ends QEMU by semihosting; else halts.
        case debugExit
    }

    /// The boot protocol; nil to find it in the kernel.
    var bootProtocol: BootProtocol?
    /// Whether kernels get random addresses, by protocols in which they cannot say so themselves.
    var randomizesAddresses = false
    /// At which 64-bit ARM kernels of arm64-image start: 1 or 2.
    var exceptionLevel: UInt64 = 1
    var minimumWidth: UInt64?
    var minimumHeight: UInt64?
    var prefersText: Bool?
    var log = LogSettings()
    var testSentinel: UInt64 = 0
    var onFailure = FailureAction.halt
    var exitCode: UInt8 = 0
    /// Whether the kernel starts only once a debugger allows it.
    var waitsForDebugger = false

    /// The settings of an image without boot.json.
    init() {}

    /// Parses the file; unknown keys and values are refused.
    init(_ text: PhysicalMemory) throws(BootError) {
        var reader = JSONReader(text)
        try reader.object { key, reader throws(BootError) in
            if key == "frame_buffer" {
                try reader.object { key, reader throws(BootError) in
                    try readScreenMember(key, &reader)
                }
            } else {
                try readMember(key, &reader)
            }
        }
        try reader.end()
    }

    private mutating func readScreenMember(
        _ key: JSONText, _ reader: inout JSONReader
    ) throws(BootError) {
        if key == "minimum_framebuffer_height" {
            minimumHeight = try reader.optionalNumber()
        } else if key == "minimum_framebuffer_width" {
            minimumWidth = try reader.optionalNumber()
        } else if key == "text_mode" {
            prefersText = try reader.boolean()
        } else {
            throw reader.invalid()
        }
    }

    private mutating func readMember(
        _ key: JSONText, _ reader: inout JSONReader
    ) throws(BootError) {
        if key == "log_level" {
            log.level = try Self.readLogLevel(&reader)
        } else if key == "frame_buffer_logging" {
            log.screenUse = try reader.boolean() ? .everything : .nothing
        } else if key == "serial_logging" {
            log.goesToSerial = try reader.boolean()
        } else if key == "_test_sentinel" {
            testSentinel = try reader.number()
        } else if key == "on_failure" {
            try readFailureAction(&reader)
        } else if key == "wait_for_debugger" {
            waitsForDebugger = try reader.boolean()
        } else if key == "protocol" {
            bootProtocol = try Self.readProtocol(&reader)
        } else if key == "aslr" {
            randomizesAddresses = try reader.boolean()
        } else if Architecture.hasExceptionLevels, key == "exception_level" {
            exceptionLevel = try reader.number()
            guard exceptionLevel == 1 || exceptionLevel == 2 else { throw reader.invalid() }
        } else {
            throw reader.invalid()
        }
    }

    @inline(never)
    private static func readLogLevel(_ reader: inout JSONReader) throws(BootError)
        -> LogSettings.Level
    {
        let word = try reader.string()
        let names: [6 of Text] = ["Off", "Error", "Warn", "Info", "Debug", "Trace"]
        for index in names.indices where word == names[index] {
            if let level = LogSettings.Level(rawValue: UInt8(index)) { return level }
        }
        throw reader.invalid()
    }

    @inline(never)
    private static func readProtocol(_ reader: inout JSONReader) throws(BootError) -> BootProtocol {
        let word = try reader.string()
        for index in UInt8(0)..<BootProtocol.count {
            if let known = BootProtocol(rawValue: index), word == known.name { return known }
        }
        throw reader.invalid()
    }

    @inline(never)
    private mutating func readFailureAction(_ reader: inout JSONReader) throws(BootError) {
        guard reader.isAtString() else {
            let code = try reader.number()
            guard code <= UInt8.max else { throw reader.invalid() }
            (onFailure, exitCode) = (.debugExit, UInt8(code))
            return
        }
        let word = try reader.string()
        guard word == "halt" || word == "reboot" else { throw reader.invalid() }
        onFailure = word == "halt" ? .halt : .reboot
    }
}
