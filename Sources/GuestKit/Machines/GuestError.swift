public import ELFKit
public import SystemPackage

/// Why a guest could not be run to its end.
public enum GuestError: Error, Equatable, Sendable {
    /// QEMU's program is not on PATH.
    case programNotFound(String)
    /// No firmware descriptor in these folders offers firmware of that kind.
    case noFirmware(UEFIFirmware.Kind, Architecture, folders: [FilePath])
    /// This QEMU does not emulate the machine; its version, if it states one.
    case noMachine(Machine.Chipset, version: String?)
    /// The program could not be executed.
    case notStarted(FilePath, Errno)
    /// The guest with that image reached its time limit.
    case timedOut(image: FilePath)
    /// This process received that signal.
    case interrupted(by: Int32)
}
