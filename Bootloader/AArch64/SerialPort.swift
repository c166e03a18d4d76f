import CMachine

/// The PL011 that ACPI or a device tree names (ARM DDI 0183), at the speed firmware left it.
struct SerialPort: TextOutput {
    private enum Register {
        static let data: UInt64 = 0x00
        static let flags: UInt64 = 0x18
    }
    private static let transmitFIFOFull: UInt32 = 1 << 5

    /// Physical address of its registers; 0 if none is known.
    nonisolated(unsafe) private static var base: UInt64 = 0

    /// Looks for it.
    static func initialize<P: Firmware>(on firmware: UnsafeMutablePointer<P>) {
        if let rsdp = firmware.pointee.findRSDP(), let table = ACPITables(rsdp: rsdp) {
            base = table.serialPort ?? 0
        }
        if base == 0, let tree = firmware.pointee.findDeviceTree() {
            base = DeviceTree(at: tree)?.firstRegister(compatibleWith: "arm,pl011") ?? 0
        }
        // What a damaged description names must not be written to.
        if base % 4 != 0 || is_device(base) == 0 { base = 0 }
    }

    /// Whether what is sent may be seen.
    static var isKnown: Bool { base != 0 }

    /// Physical address of its registers.
    static var deviceAddress: UInt64? { base == 0 ? nil : base }

    /// Sends one character; gives up on a transmitter that never gets ready.
    func put(_ character: UInt8) {
        guard Self.base != 0 else { return }
        var patience = 100_000
        while read_device(Self.base + Register.flags) & Self.transmitFIFOFull != 0, patience > 0 {
            patience -= 1
        }
        write_device(Self.base + Register.data, UInt32(character))
    }
}
