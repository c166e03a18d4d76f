package import ELFKit
package import HostSystem
package import SystemPackage

/// Why a guest was not run to its end.
package enum GuestError: Error, Equatable, Sendable {
    case program(ProgramError)
    /// No descriptor in these folders offers firmware of that kind.
    case noFirmware(UEFIFirmware.Kind, Architecture, folders: [FilePath])
    case notStarted(FilePath, Errno)
    /// The guest with that image reached its time limit.
    case timedOut(image: FilePath)
    case file(FileError)
    /// QEMU did not take a picture of the screen.
    case pictureFailed(FilePath, reason: String)
    /// The guest ended before the picture was taken.
    case pictureMissed(FilePath)
}
