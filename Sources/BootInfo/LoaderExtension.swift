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

    /// UEFI's system table by its physical address; nil on a BIOS.
    public var efiSystemTableAddress: UInt64? { second?.pointee.efi_system_table.unwrapped }

    /// The physical address of SMBIOS's entry point for tables below 4 GiB, if there is one.
    public var smbiosAddress: UInt64? { second?.pointee.smbios_address.unwrapped }

    /// The physical address of SMBIOS 3's entry point, if there is one.
    public var smbios3Address: UInt64? { second?.pointee.smbios3_address.unwrapped }

    /// A copy of UEFI's memory map; nil on a BIOS.
    public var efiMemoryMap: EFIMemoryMap? { second.flatMap { EFIMemoryMap($0.pointee) } }

    /// The time at which the loader ran, in seconds since 1970, UTC; nil if there is no clock.
    public var bootTime: Int64? {
        second?.pointee.boot_time.unwrapped.map { Int64(bitPattern: $0) }
    }

    /// The frequency of the time stamp counter or of the generic timer in Hz; nil if the processor
    /// does not state it and the kernel does not request a measurement.
    public var counterFrequency: UInt64? {
        guard let frequency = second?.pointee.counter_frequency, frequency != 0 else { return nil }
        return frequency
    }

    /// The structure, if it has the fields of version 2.
    fileprivate var second: UnsafePointer<boot_extension>? {
        pointer.pointee.version >= 2 ? pointer : nil
    }
}

/// UEFI's memory map (UEFI 2.10, section 7.2.3).
public struct EFIMemoryMap {
    /// The descriptors, one behind the other.
    public let bytes: UnsafeRawBufferPointer
    /// Distance between the starts of two descriptors, in bytes.
    public let descriptorByteCount: Int
    /// The version of the descriptors.
    public let descriptorVersion: UInt32

    init?(_ info: boot_extension) {
        guard let start = UnsafeRawPointer(bitPattern: UInt(info.efi_memory_map)) else {
            return nil
        }
        bytes = UnsafeRawBufferPointer(start: start, count: Int(info.efi_memory_map_length))
        descriptorByteCount = Int(info.efi_descriptor_size)
        descriptorVersion = info.efi_descriptor_version
    }
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
        loaderExtension?.second.flatMap { UnsafeRawBufferPointer(text: $0.pointee.command_line) }
    }

    /// The files that the image contains for the kernel, besides the RAM disk.
    public var modules: Modules {
        guard let info = loaderExtension?.second?.pointee else {
            return Modules(start: nil, count: 0)
        }
        return Modules(
            start: UnsafePointer(bitPattern: UInt(info.modules)), count: Int(info.module_count))
    }

    /// All processors, for a kernel with `1` in its section `.bootimage-requests`; else none.
    public var processors: Processors {
        guard let info = loaderExtension?.second?.pointee else {
            return Processors(start: nil, count: 0)
        }
        return Processors(
            start: UnsafeMutablePointer(bitPattern: UInt(info.processors)),
            count: Int(info.processor_count))
    }
}
