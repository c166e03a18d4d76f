import CMachine

/// Loads the kernel and starts it, or says on serial line and screen why not, then halts.
func boot<P: Firmware>(on platform: P) -> Never {
    SerialPort.initialize()
    do throws(BootError) {
        var environment = try KernelEnvironment(memory: Memory(platform: platform))
        try environment.prepare()
        try environment.start()
    } catch {
        Log(platform: platform, showsOnScreen: true).write(error)
    }
    while true { halt_forever() }
}
