package import HostSystem
package import SystemPackage

/// Why keys were not made, or not enrolled.
package enum KeyError: Error, Equatable, Sendable {
    /// The folder exists, and keys are never replaced.
    case exists(FilePath)
    /// The folder has no readable signature list; its path.
    case noKeys(FilePath)
    case file(FileError)
    case program(ProgramError)
    /// openssl failed; the first line that it printed.
    case opensslFailed(FilePath, output: String?)
    /// openssl wrote a signature of an unknown form.
    case unknownSignature
    /// Keys cannot be enrolled in this file of firmware variables.
    case store(FilePath, VariableStore.Problem)
}

extension KeyError {
    package var code: BootImageError.Code {
        switch self {
        case .exists, .opensslFailed: .outputNotCreated
        case .noKeys: .inputMissing
        case .file(let error): BuildError.file(error).code
        case .program(let error): error.code
        case .unknownSignature, .store: .badInput
        }
    }
}
