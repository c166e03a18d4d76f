import CMachine

/// Loads and starts the kernel; on failure, logs the reason and does what boot.json asks for.
func boot<P: Firmware>(on platform: P) -> Never {
    var platform = platform
    SerialPort.initialize(on: &platform)
    withUnsafeMutablePointer(to: &platform) { boot(on: $0) }
    while true { halt_forever() }
}

private func boot<P: Firmware>(on firmware: UnsafeMutablePointer<P>) {
    var settings = LoaderSettings()
    do throws(BootError) {
        var memory = try FrameAllocator(firmware)
        if let file = try memory.load(.settings) { settings = try LoaderSettings(file) }
        (Exceptions.action, Exceptions.exitCode) = (settings.onFailure, settings.exitCode)
        let log = Log(settings: settings.log, screen: firmware.pointee.screen)
        firmware.pointee.logSecurity(log)
        guard let kernel = try memory.load(.kernel) else {
            throw BootError(.kernel, "not in the image")
        }
        log.write(.info, "kernel of %s at %x", kernel.byteCount, kernel.start.rawValue)
        try BootProtocol.start(kernel, memory, settings, log)
    } catch {
        Log(settings: settings.log, screen: firmware.pointee.screen).write(error)
    }
    Exceptions.endBoot()
}

extension Exceptions {
    /// What to do after a failure; boot.json says it, once it is read.
    nonisolated(unsafe) fileprivate static var action = LoaderSettings.FailureAction.halt
    nonisolated(unsafe) fileprivate static var exitCode: UInt8 = 0

    /// Does what boot.json asks for after a failure; returns to halt.
    static func endBoot() {
        switch action {
        case .halt: return
        case .reboot: reset_machine()
        case .debugExit: Architecture.debugExit(exitCode)
        }
    }
}
