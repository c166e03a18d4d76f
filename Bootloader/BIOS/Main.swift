import CBIOS
import CMachine

/// Where long mode begins: the firmware's drive number is all that comes from real mode.
@c public func bios_main(_ drive: UInt8) {
    Exceptions.takeOver(page: UInt64(EXCEPTION_TABLE))
    boot(on: BIOS(drive: drive))
}

/// Where every processor exception ends.
@c public func loader_exception(_ frame: UnsafePointer<exception_frame>) {
    Exceptions.report(frame.pointee, to: SerialPort())
    Exceptions.report(frame.pointee, to: TextScreen())
}
