import PrebuiltLoader

/// The loaders that are part of this executable.
enum PrebuiltLoaders {
    /// Boot sector and second part.
    static var bios: [UInt8] {
        Array(UnsafeBufferPointer(start: prebuilt_bios_loader, count: prebuilt_bios_loader_size))
    }

    /// A PE image for EFI/BOOT/BOOTX64.EFI.
    static var uefi: [UInt8] {
        Array(UnsafeBufferPointer(start: prebuilt_uefi_loader, count: prebuilt_uefi_loader_size))
    }
}
