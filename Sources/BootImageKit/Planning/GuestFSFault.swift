package import GuestFSProtocol
package import SystemPackage

/// Why libguestfs did not make a file system, or did not read an image.
package enum GuestFSFault: Error, Equatable, Sendable {
    /// The helper is not installed, and this partition needs it; nil if a second opinion does.
    case noHelper(partition: String?)
    /// libguestfs failed on a partition or an image, which is filled from the folder `source`.
    case failed(GuestFSError, subject: String, source: FilePath?)
    /// The helper cannot run, or ended without its last event; `status` is its exit status, if any.
    case broken(helper: FilePath, reason: String, status: Int32?)
    /// This process received a signal while the helper ran.
    case interrupted(helper: FilePath, signal: Int32)

    var code: BootImageError.Code {
        switch self {
        case .noHelper, .broken, .failed(.notStarted, _, _), .failed(.unsupported, _, _):
            .programMissing
        case .failed(.full, _, _): .badInput
        case .failed(.unreadableSource, _, _): .inputMissing
        case .failed(.interrupted, _, _): .interrupted(signal: 15)
        case .failed: .inputOutput
        case .interrupted(_, let signal): .interrupted(signal: signal)
        }
    }
}
