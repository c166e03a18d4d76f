/// A serial port in memory, as ACPI or a device tree describes it.
struct DescribedSerialPort {
    /// Whether it is a 16550; it is a PL011 otherwise.
    let is16550: Bool
    /// Distance between registers and width of an access, in bytes: 1 or 4.
    let stride: UInt32
    let address: PhysicalAddress
}
