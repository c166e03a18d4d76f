import CMachine

/// Loads the kernel and starts it, or says why not and does what boot.json asks for then.
func boot<P: Firmware>(on platform: P) -> Never {
    var platform = platform
    withUnsafeMutablePointer(to: &platform) { firmware in
        SerialPort.initialize(on: firmware)
        boot(on: firmware)
    }
    while true { halt_forever() }
}

private func boot<P: Firmware>(on firmware: UnsafeMutablePointer<P>) {
    var settings = LoaderSettings()
    do throws(BootError) {
        var memory = try Memory(firmware)
        if let file = try memory.load(.bootConfiguration) { settings = try LoaderSettings(file) }
        var environment = try KernelEnvironment(memory: memory, settings)
        try environment.prepare()
        try environment.start()
    } catch {
        Log(settings.log, screen: firmware.pointee.screen).write(error)
    }
    settings.onFailure.carryOut()
}

extension LoaderSettings.FailureAction {
    fileprivate func carryOut() {
        switch self {
        case .halt: return
        case .reboot: reset_machine()
        case .debugExit(let code): Architecture.debugExit(code)
        }
    }
}
