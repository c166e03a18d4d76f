import CBIOS

/// Where long mode begins: the firmware's drive number is all that comes from real mode.
@c public func bios_main(_ drive: UInt8) {
    boot(on: BIOS(drive: drive))
}
