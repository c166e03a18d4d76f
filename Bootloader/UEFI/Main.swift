import CUEFI

/// Where the firmware starts the loader (UEFI 2.10, section 4.1).
@c public func efi_main(
    _ image: UnsafeMutableRawPointer, _ systemTable: UnsafeMutablePointer<efi_system_table>
) -> UInt64 {
    boot(on: UEFI(image: image, systemTable: systemTable))
}
