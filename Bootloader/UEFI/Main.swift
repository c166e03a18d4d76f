import CMachine
import CUEFI

/// Where the firmware starts the loader (UEFI 2.10, section 4.1).
@c public func efi_main(
    _ image: UnsafeMutableRawPointer, _ systemTable: UnsafeMutablePointer<efi_system_table>
) -> UInt64 {
    let firmware = UEFI(image: image, systemTable: systemTable)
    if let page = try? firmware.allocate(pages: 1, for: Exceptions.pageUse) {
        Exceptions.takeOver(page: page)
    }
    boot(on: firmware)
}

/// Where every processor exception ends; firmware may not be able to show anything by then.
@c public func loader_exception(_ frame: UnsafePointer<exception_frame>) {
    Exceptions.report(frame.pointee, to: SerialPort())
}
