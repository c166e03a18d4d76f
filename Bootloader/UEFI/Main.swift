import CMachine
import CUEFI

/// The entry point, which the firmware calls (UEFI 2.10, section 4.1).
@c public func efi_main(
    _ image: efi_handle, _ systemTable: UnsafeMutablePointer<efi_system_table>
) -> UInt64 {
    let firmware = UEFI(image: image, systemTable: Interface(systemTable))
    Exceptions.screen = firmware.screen
    if let page = try? firmware.allocate(PageCount(1), for: Exceptions.pageUse, in: .everywhere) {
        Exceptions.takeOver(page: page)
    }
    boot(on: firmware)
}

/// Handles every processor exception.
@c public func loader_exception(_ vector: UInt64, _ errorCode: UInt64, _ instruction: UInt64) {
    Exceptions.report(vector, errorCode, at: instruction, to: SerialPort())
    if let screen = Exceptions.screen {
        // An exception in the firmware's console must not be reported there again.
        Exceptions.screen = nil
        Exceptions.report(vector, errorCode, at: instruction, to: screen)
    }
    Exceptions.endBoot()
}

extension Exceptions {
    nonisolated(unsafe) private static var console = TextScreen(console: nil)

    /// Shows exceptions if no serial port is known, as long as the firmware runs.
    static var screen: TextScreen? {
        get { SerialPort.isKnown ? nil : console }
        set { if !SerialPort.isKnown { console = newValue ?? TextScreen(console: nil) } }
    }
}
