import CMachine

/// Loads the kernel and starts it, or says on serial line and screen why not, then halts.
func boot<P: Firmware>(on platform: P) -> Never {
    SerialPort.initialize()
    do throws(BootError) {
        var environment = try KernelEnvironment(memory: Memory(platform: platform))
        try environment.prepare()
        try environment.start()
    } catch {
        // One after the other: firmware's screen may be on the serial line too.
        error.write(to: SerialPort())
        error.write(to: platform.screen)
    }
    while true { halt_forever() }
}
