public import CBootInfo

/// Boot info beyond the contract, which other loaders do not have.
public struct LoaderExtension {
    /// The C structure.
    public let pointer: UnsafePointer<boot_extension>

    /// The physical address of firmware's flattened device tree, if there is one.
    public var deviceTreeAddress: UInt64? { pointer.pointee.device_tree_address.unwrapped }

    /// On AArch64, the serial port that firmware describes, if its kind is supported.
    public var serialPort: SerialPort? { SerialPort(pointer.pointee.serial_port) }

    /// On AArch64, the exception level of firmware, 1 or 2; the kernel runs at 1.
    public var firmwareExceptionLevel: UInt32? {
        let level = pointer.pointee.exception_level
        return level == 0 ? nil : level
    }

    fileprivate var hasParameters: Bool { pointer.pointee.version >= 2 }
}

/// A serial port with memory-mapped registers.
public struct SerialPort: Equatable, Sendable {
    /// The type of registers.
    public enum Kind: Sendable {
        /// ARM DDI 0183.
        case pl011
        /// PC16550D data sheet.
        case ns16550
    }

    /// The type of registers.
    public let kind: Kind
    /// The address of the registers, both physical and virtual.
    public let address: UInt64
    /// Distance between registers and size of an access, in bytes: 1 or 4.
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
    /// Boot info beyond the contract; nil from other loaders.
    public var loaderExtension: LoaderExtension? {
        boot_extension_of(pointer).map(LoaderExtension.init)
    }

    /// The command line, in UTF-8; nil if the image has none, and from other loaders.
    public var commandLine: UnsafeRawBufferPointer? {
        guard let loaderExtension, loaderExtension.hasParameters else { return nil }
        return UnsafeRawBufferPointer(text: loaderExtension.pointer.pointee.command_line)
    }

    /// The files that the image contains for the kernel, besides the RAM disk.
    public var modules: Modules {
        guard let loaderExtension, loaderExtension.hasParameters else {
            return Modules(start: nil, count: 0)
        }
        return Modules(
            start: UnsafePointer(bitPattern: UInt(loaderExtension.pointer.pointee.modules)),
            count: Int(loaderExtension.pointer.pointee.module_count))
    }
}
