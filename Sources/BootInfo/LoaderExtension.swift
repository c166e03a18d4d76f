public import CBootInfo

/// What the loader tells beyond the contract; another one has no such thing.
public struct LoaderExtension {
    /// The structure as C sees it.
    public let pointer: UnsafePointer<boot_extension>

    /// The physical address of a flattened device tree, if firmware has one.
    public var deviceTreeAddress: UInt64? { pointer.pointee.device_tree_address.unwrapped }

    /// On AArch64, the address of the registers of a PL011, whose page is mapped where it is.
    public var serialPortAddress: UInt64? { pointer.pointee.serial_port_address.unwrapped }

    /// On AArch64, the exception level that firmware ran at, 1 or 2; the kernel runs at 1.
    public var firmwareExceptionLevel: UInt32? {
        let level = pointer.pointee.exception_level
        return level == 0 ? nil : level
    }
}

extension BootInfo {
    /// What the loader tells beyond the contract; nil if it is another loader.
    public var loaderExtension: LoaderExtension? {
        boot_extension_of(pointer).map(LoaderExtension.init)
    }
}
