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
        var environment = try KernelEnvironment(memory: memory, settings)
        try environment.prepare()
        try environment.start()
    } catch {
        Log(settings: settings.log, screen: firmware.pointee.screen).write(error)
    }
    switch settings.onFailure {
    case .halt: return
    case .reboot: reset_machine()
    case .debugExit(let code): Architecture.debugExit(code)
    }
}
