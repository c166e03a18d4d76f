import CMachine

/// The serial port that ACPI or the device tree describes, with the firmware's settings: a PL011
/// (ARM DDI 0183) or a 16550 (PC16550D data sheet).
struct SerialPort: TextOutput {
    /// The transmitter's bit: in the PL011's FR it means full, in the 16550's LSR empty.
    private static let transmitter: UInt32 = 1 << 5

    /// The port's kind and address; kind 0 if no port is known.
    nonisolated(unsafe) private(set) static var device = boot_serial_port()

    static func initialize<P: Firmware>(on firmware: inout P) {
        let port =
            firmware.findRSDP().flatMap { ACPITables(rsdp: $0)?.serialPort }
            ?? firmware.findDeviceTree().flatMap { DeviceTree(at: $0)?.serialPort }
        if let port {
            device = boot_serial_port(
                kind: UInt32(port.is16550 ? BOOT_SERIAL_16550 : BOOT_SERIAL_PL011),
                register_stride: port.stride, address: port.address.rawValue)
        }
        // A damaged description may name memory, which must not be written to.
        if device.address % 4 != 0 || is_device(device.address) == 0 { device = boot_serial_port() }
    }

    static var isKnown: Bool { device.kind != UInt32(BOOT_SERIAL_NONE) }

    /// Sends one character, even if the transmitter never becomes ready.
    func put(_ character: UInt8) {
        guard Self.isKnown else { return }
        let isPL011 = Self.device.kind == UInt32(BOOT_SERIAL_PL011)
        let status = Self.register(isPL011 ? 6 : 5)
        var attempts = 100_000
        while (read_device(status, Self.device.register_stride) & Self.transmitter != 0) == isPL011,
            attempts > 0
        {
            attempts -= 1
        }
        write_device(Self.register(0), Self.device.register_stride, UInt32(character))
    }

    private static func register(_ index: UInt32) -> UInt64 {
        device.address + UInt64(index * device.register_stride)
    }
}
