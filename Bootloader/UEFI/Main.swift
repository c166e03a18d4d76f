import CMachine
import CUEFI

/// Where the firmware starts the loader (UEFI 2.10, section 4.1).
@c public func efi_main(
    _ image: UnsafeMutableRawPointer, _ systemTable: UnsafeMutablePointer<efi_system_table>
) -> UInt64 {
    let firmware = UEFI(image: image, systemTable: systemTable)
    Exceptions.screen = firmware.screen
    if let page = try? firmware.allocate(pages: 1, for: Exceptions.pageUse) {
        Exceptions.takeOver(page: page)
    }
    boot(on: firmware)
}

/// Where every processor exception ends.
@c public func loader_exception(_ frame: UnsafePointer<exception_frame>) {
    Exceptions.report(frame.pointee, to: SerialPort())
    guard let screen = Exceptions.screen else { return }
    // An exception in the firmware's own console comes here again.
    Exceptions.screen = nil
    Exceptions.report(frame.pointee, to: screen)
}

extension Exceptions {
    nonisolated(unsafe) private static var console: TextScreen?

    /// What tells of them where no serial port is known, as long as the firmware can show it.
    static var screen: TextScreen? {
        get { SerialPort.isKnown ? nil : console }
        set { if !SerialPort.isKnown { console = newValue } }
    }
}
