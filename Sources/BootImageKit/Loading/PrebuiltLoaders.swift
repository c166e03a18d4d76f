import ELFKit
import PrebuiltLoader

/// The loaders, which are part of the program.
enum PrebuiltLoaders {
    /// Boot sector and second part.
    static var bios: [UInt8] {
        Array(UnsafeBufferPointer(start: prebuilt_bios_loader, count: prebuilt_bios_loader_size))
    }

    /// A PE image for EFI/BOOT.
    static func uefi(for architecture: Architecture = .x86_64) -> [UInt8] {
        let (start, count) =
            switch architecture {
            case .x86_64: (prebuilt_uefi_loader, prebuilt_uefi_loader_size)
            case .aarch64: (prebuilt_aarch64_loader, prebuilt_aarch64_loader_size)
            }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }
}
