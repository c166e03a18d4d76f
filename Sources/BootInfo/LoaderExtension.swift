public import CBootInfo

/// What the loader tells beyond the contract; another one has no such thing.
public struct LoaderExtension {
    /// The structure as C sees it.
    public let pointer: UnsafePointer<boot_extension>

    /// The physical address of a flattened device tree, if firmware has one.
    public var deviceTreeAddress: UInt64? { pointer.pointee.device_tree_address.unwrapped }

    /// On AArch64, the serial port that firmware describes, if it is of a kind that is known here.
    public var serialPort: SerialPort? { SerialPort(pointer.pointee.serial_port) }

    /// On AArch64, the exception level that firmware ran at, 1 or 2; the kernel runs at 1.
    public var firmwareExceptionLevel: UInt32? {
        let level = pointer.pointee.exception_level
        return level == 0 ? nil : level
    }
}

/// A serial port whose registers are in memory.
public struct SerialPort: Equatable, Sendable {
    /// What its registers are.
    public enum Kind: Sendable {
        /// ARM DDI 0183.
        case pl011
        /// PC16550D data sheet.
        case ns16550
    }

    /// What its registers are.
    public let kind: Kind
    /// Where they begin: a physical address, and one at which that page is mapped.
    public let address: UInt64
    /// How many bytes there are from one to the next, and in one access: 1 or 4.
    public let registerStride: UInt32

    init?(_ port: boot_serial_port) {
        switch Int(port.kind) {
        case Int(BOOT_SERIAL_PL011): kind = .pl011
        case Int(BOOT_SERIAL_16550): kind = .ns16550
        default: return nil
        }
        (address, registerStride) = (port.address, port.register_stride)
    }
}

extension BootInfo {
    /// What the loader tells beyond the contract; nil if it is another loader.
    public var loaderExtension: LoaderExtension? {
        boot_extension_of(pointer).map(LoaderExtension.init)
    }
}
