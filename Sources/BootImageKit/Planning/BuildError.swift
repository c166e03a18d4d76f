package import DiskImage
package import ELFKit
package import GuestFSProtocol
package import HostSystem
package import SystemPackage

/// Why images are not built.
package enum BuildError: Error, Equatable, Sendable {
    case plan(PlanError)
    /// A file that goes into an image cannot be used.
    case input(FilePath, InputFault)
    case kernel(ELFError)
    /// The contents do not fit the image; the file is the one to look at.
    case layout(LayoutError, FilePath)
    case writing(WriteError)
    /// A temporary file, a manifest or a container was not read or written.
    case file(FileError)
    case program(ProgramError, ProgramUse)
    case signing(SigningFault)
    /// `qemu-img` wrote a container of an unknown form for this output.
    case container(FilePath, ContainerError)
    /// `qemu-img` does not report how long the disk in this file is.
    case unknownDiskSize(FilePath)
    /// An image cannot be read for a second opinion.
    case disk(FilePath, DiskReadError)
    case guestFS(GuestFSFault)
    /// A temporary file of this size does not fit the folder.
    case noTemporarySpace(FilePath, ByteCount, Errno)
}

/// What is wrong with a file that goes into an image.
package enum InputFault: Equatable, Sendable {
    /// It cannot be opened or listed.
    case unreadable(Errno)
    case readFailed(Errno)
    case diskReadFailed(DiskReadError)
    /// The container's structures are damaged.
    case badContainer(ContainerFormat, ContainerError)
    /// The container needs another file, which its maker chose.
    case needsOtherFile(ContainerFormat, ContainerReference)
    /// It is compressed, and nothing boots from that.
    case compressed(Compression)
    case shrank
    /// A folder, a device or a pipe instead of a file.
    case notAFile
    case notAFolder
    case tooManyFiles(limit: Int)
    /// A symbolic link in a folder leads to a place outside of it.
    case linkLeadsOut(of: FilePath, to: FilePath)
    /// A symbolic link leads to a folder around it.
    case linkLoop(to: FilePath)
    /// A kernel was replaced by one for another architecture after it was probed.
    case replaced(was: Architecture, is: Architecture)
    /// A kernel for this boot protocol gets no modules.
    case noModules(BootProtocol)
    /// A boot.json that the loader would refuse: the JSON decoder's reason.
    case badSettings(String)
    /// A boot.json with an escape sequence, which the loader does not read.
    case escapeInSettings
    /// The boot.json and the option select different boot protocols.
    case otherProtocol(found: BootProtocol, selected: BootProtocol)
    case settingsTooLong(found: ByteCount, allowed: ByteCount)
    /// QEMU cannot start the file by `-kernel`.
    case notDirect(DirectFault)
    /// A folder lacks files that the board's firmware consists of.
    case lacksFirmware([String], Board)
}

/// Why the UEFI loader cannot be signed.
package enum SigningFault: Equatable, Sendable {
    /// Not a private key in PEM without a passphrase; the first line that openssl printed.
    case badKey(FilePath, output: String?)
    /// Not a certificate in PEM; the first line that openssl printed.
    case badCertificate(FilePath, output: String?)
    /// UEFI firmware verifies RSA signatures only.
    case notRSA(FilePath)
    case otherCertificate(FilePath, key: FilePath)
    /// A program failed on this key or certificate; the first line that it printed.
    case failed(program: String, FilePath, output: String?)
    case noRoomForDigests
    /// `sbsign` wrote a signature of an unknown form.
    case unknownSignature
}

/// What another program is needed for.
package enum ProgramUse: Equatable, Sendable {
    case format(ContainerFormat)
    case compression(Compression)
    /// Reading the disk in a container.
    case container(FilePath)
    case signing
}

/// Why libguestfs did not make a file system, or did not read an image.
package enum GuestFSFault: Error, Equatable, Sendable {
    /// The helper is not installed, and this partition needs it; nil if a second opinion does.
    case noHelper(partition: String?)
    /// libguestfs failed on a partition or an image, which is filled from the folder `source`.
    case failed(GuestFSError, subject: String, source: FilePath?)
    /// The helper cannot run, or ended without its last event; `status` is its exit status, if any.
    case broken(helper: FilePath, reason: String, status: Int32?)
    case interrupted(helper: FilePath, signal: Int32)
}

/// Runs a step; `wrap` makes its error one of the caller's.
func attempt<Value: ~Copyable, Cause, Problem>(
    _ step: @autoclosure () throws(Cause) -> Value, orThrow wrap: (Cause) -> Problem
) throws(Problem) -> Value {
    do throws(Cause) { return try step() } catch { throw wrap(error) }
}

func running<Value>(
    for use: ProgramUse, _ body: () throws(ProgramError) -> Value
) throws(BuildError) -> Value {
    try attempt(body(), orThrow: { BuildError.program($0, use) })
}

/// The kind of an error, which selects an exit status.
extension BuildError {
    package var code: BootImageError.Code {
        switch self {
        case .plan, .layout(.badVolumeLabel, _): .invalidOptions
        case .input(_, .unreadable), .input(_, .notAFolder): .inputMissing
        case .input(_, .readFailed), .input(_, .diskReadFailed), .input(_, .shrank): .inputOutput
        case .input, .layout, .signing: .badInput
        case .kernel(let error):
            error.isInputMissing ? .inputMissing : error.isReadFailure ? .inputOutput : .badInput
        case .writing(let error): error.code
        case .file(let error): error.code
        case .program(let error, _): error.code
        case .container, .unknownDiskSize, .disk: .inputOutput
        case .guestFS(let fault): fault.code
        case .noTemporarySpace: .outputNotCreated
        }
    }
}

extension WriteError {
    fileprivate var code: BootImageError.Code {
        switch self {
        case .failed(.readInput, _, _), .failed(.write, _, _), .failed(.setSize, _, _),
            .inputTooShort, .inputChanged:
            .inputOutput
        case .failed, .outputNotAFile, .outputNotAFolder, .outputElsewhere, .outputInTheWay,
            .outputIsInput:
            .outputNotCreated
        }
    }
}

extension FileError {
    fileprivate var code: BootImageError.Code {
        switch self {
        case .failed(.open, _, _), .failed(.read, _, _): .inputMissing
        case .failed, .notAFile, .isFolder: .outputNotCreated
        }
    }
}

extension GuestFSFault {
    fileprivate var code: BootImageError.Code {
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

extension ProgramError {
    package var code: BootImageError.Code {
        switch self {
        case .notFound, .notStarted: .programMissing
        case .failed: .inputOutput
        case .timedOut: .timedOut
        case .interrupted(_, let signal): .interrupted(signal: signal)
        }
    }
}
