import CMachine

/// The serial port that ACPI or a device tree names, at the speed firmware left it: a PL011 (ARM
/// DDI 0183) or a 16550 (PC16550D data sheet).
struct SerialPort: TextOutput {
    /// What is told of the transmitter: by the PL011 in FR, that there is no room; by the 16550 in
    /// LSR, that there is.
    private static let transmitter: UInt32 = 1 << 5

    /// What it is, and where; of kind 0 if none is known.
    nonisolated(unsafe) private(set) static var device = boot_serial_port()

    /// Looks for it.
    static func initialize<P: Firmware>(on firmware: UnsafeMutablePointer<P>) {
        if let rsdp = firmware.pointee.findRSDP(), let port = ACPITables(rsdp: rsdp)?.serialPort {
            device = boot_serial_port(
                kind: UInt32(port.is16550 ? BOOT_SERIAL_16550 : BOOT_SERIAL_PL011),
                register_stride: port.stride, address: port.address)
        } else if let tree = firmware.pointee.findDeviceTree(),
            let address = DeviceTree(at: tree)?.firstRegister(compatibleWith: "arm,pl011")
        {
            device = boot_serial_port(
                kind: UInt32(BOOT_SERIAL_PL011), register_stride: 4, address: address)
        }
        // What a damaged description names must not be written to.
        if device.address % 4 != 0 || is_device(device.address) == 0 { device = boot_serial_port() }
    }

    /// Whether what is sent may be seen.
    static var isKnown: Bool { device.kind != UInt32(BOOT_SERIAL_NONE) }

    /// Sends one character; gives up on a transmitter that never gets ready.
    func put(_ character: UInt8) {
        guard Self.isKnown else { return }
        let isPL011 = Self.device.kind == UInt32(BOOT_SERIAL_PL011)
        let status = Self.register(isPL011 ? 6 : 5)
        var patience = 100_000
        while (read_device(status, Self.device.register_stride) & Self.transmitter != 0) == isPL011,
            patience > 0
        {
            patience -= 1
        }
        write_device(Self.register(0), Self.device.register_stride, UInt32(character))
    }

    private static func register(_ index: UInt32) -> UInt64 {
        device.address + UInt64(index * device.register_stride)
    }
}
