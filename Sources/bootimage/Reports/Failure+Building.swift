import BootImageKit
import DiskImage
import ELFKit
import HostSystem

extension Failure {
    init(_ error: BuildError) { self.init(Status(error.code), error.text) }

    init(_ error: PlanError) { self.init(BuildError.plan(error)) }

    init(_ error: ELFError) { self.init(BuildError.kernel(error)) }

    init(_ error: WriteError) { self.init(BuildError.writing(error)) }

    init(_ error: FileError) { self.init(BuildError.file(error)) }

    init(_ error: ProgramError) { self.init(Status(error.code), error.text) }

    init(_ error: KeyError) {
        let text =
            switch error {
            case .exists(let path):
                "\(path): exists, and keys are never replaced; set another --directory"
            case .noKeys(let list):
                "\(list): cannot be read; make keys with `bootimage keys new`, or set their folder "
                    + "with --keys"
            case .file(let error): error.text
            case .program(let error): error.text
            case .opensslFailed(let path, let output):
                "\(path): "
                    + (output.map { "openssl says: \($0)" } ?? "openssl failed without a reason")
            case .unknownSignature: "openssl wrote a signature of an unknown form"
            case .store(let path, .unknownFormat):
                "\(path): not a store of authenticated variables by EDK II"
            case .store(let path, .full): "\(path): has no room for the keys"
            }
        self.init(Status(error.code), text)
    }
}

extension Failure.Status {
    init(_ code: BootImageError.Code) {
        self =
            switch code {
            case .invalidOptions: .usage
            case .badInput: .badInput
            case .inputMissing: .missingInput
            case .programMissing: .missingTool
            case .outputNotCreated: .cannotCreateOutput
            case .inputOutput: .inputOutput
            case .timedOut: .timedOut
            case .interrupted(let signal): Self(signal: signal)
            }
    }
}

extension BuildError {
    /// One line: what is wrong, and the remedy if there is one.
    fileprivate var text: String {
        switch self {
        case .plan(let error): error.text
        case .input(let path, .compressed(let compression)):
            "\(path): is compressed; decompress it first: "
                + compression.unpackingCommand(for: path)
        case .input(let path, let fault): "\(path): \(fault.text)"
        case .kernel(let error): "\(error)"
        case .layout(.badVolumeLabel(let found), _):
            "--volume-label “\(found)”: must be 1 to 11 capitals, digits or punctuation"
        case .layout(let error, let path):
            "\(path): \(error)" + (error.option.map { " (\($0))" } ?? "")
        case .writing(let error): "\(error)"
        case .file(let error): error.text
        case .program(.notFound(let name), let use): Packages.missing(name, for: use.text)
        case .program(let error, _): error.text
        case .signing(let fault): fault.text
        case .container(let path, let error): "\(path): unknown output of qemu-img: \(error)"
        case .unknownDiskSize(let path): "\(path): qemu-img does not report its disk's size"
        case .guestFS(let fault): fault.text
        case .noTemporarySpace(let folder, let size, let errno):
            "\(folder): cannot hold a temporary file of \(size.sizeText): \(errno); set TMPDIR to "
                + "another folder"
        case .disk(let path, let error): "\(path): \(error)"
        }
    }
}

extension LayoutError {
    /// The option for the alternative types of FAT in the message.
    fileprivate var option: String? {
        switch self {
        case .rootFolderTooLong: "--esp-fat 32"
        case .volumeTooLong(_, _, _, let alternatives) where !alternatives.isEmpty,
            .contentTooLong(_, _, _, _, let alternatives) where !alternatives.isEmpty:
            "--esp-fat " + alternatives.map { "\($0.rawValue)" }.joined(separator: " or ")
        default: nil
        }
    }
}

extension InputFault {
    fileprivate var text: String {
        switch self {
        case .unreadable(let errno), .readFailed(let errno): "cannot be read: \(errno)"
        case .diskReadFailed(let error): "its disk \(error)"
        case .badContainer(let format, let error): "is a damaged container (\(format)): \(error)"
        case .needsOtherFile(let format, let reference): reference.text(in: format)
        case .compressed: "is compressed; decompress it first"
        case .shrank: "became shorter while it was read; build again"
        case .notAFile: "is a folder, a device or a pipe; specify a file"
        case .notAFolder: "is not a readable folder; specify a folder"
        case .tooManyFiles(let limit):
            "the folder around it has more than \(limit) files; use fewer"
        case .linkLeadsOut(let folder, let target):
            "is a symbolic link to \(target), outside of \(folder); remove it, or add what it "
                + "names with --file or --directory"
        case .linkLoop(let target):
            "is a symbolic link to \(target), a folder around it; remove it"
        case .replaced(let was, let now):
            "was for \(was.name) when the build started and is for \(now.name) now; build again"
        case .noModules(let bootProtocol):
            "\(bootProtocol.name) has no modules; put what the kernel needs into one --ramdisk"
        case .badSettings(let reason): reason
        case .escapeInSettings: "has a backslash; the loader does not support escapes"
        case .otherProtocol(let found, let selected):
            "protocol is “\(found.rawValue)”, and --protocol is \(selected.rawValue); omit one"
        case .lacksFirmware(let names, let board):
            "has no \(names.joined(separator: ", no ")), which a \(board.name) needs to boot; copy "
                + "the vendor's boot files there, or use --without-firmware"
        case .settingsTooLong(let found, let allowed):
            "has \(found); a boot.json has at most \(allowed)"
        case .notDirect(let fault): fault.text
        }
    }
}

extension ContainerReference {
    /// What the container needs, and how to do without it.
    func text(in format: ContainerFormat) -> String {
        let other =
            switch self {
            case .backingFile(let name): "the backing file “\(name)”"
            case .dataFile: "a data file of its own"
            case .extent(let line): "a file besides itself (\(line))"
            case .parent: "a parent image"
            }
        return "is a container (\(format)) that needs \(other), and such files are never opened; "
            + "if you trust it, make one that stands alone: qemu-img convert -f "
            + "\(format.qemuName) -O \(format.qemuName) OLD NEW"
    }
}

extension SigningFault {
    fileprivate var text: String {
        switch self {
        case .badKey(let path, let output):
            "\(path): not a private key in PEM without a passphrase"
                + Self.reason("openssl", output)
        case .badCertificate(let path, let output):
            "\(path): not a certificate in PEM" + Self.reason("openssl", output)
        case .notRSA(let path):
            "\(path): not an RSA key, which UEFI firmware requires; make keys with `bootimage keys "
                + "new`"
        case .otherCertificate(let path, let key):
            "\(path): not the certificate of \(key); specify the one that was made with this key"
        case .failed(let program, let path, let output): "\(path)" + Self.reason(program, output)
        case .noRoomForDigests: "the UEFI loader has no room for digests"
        case .unknownSignature:
            "sbsign wrote a signature of an unknown form; use sbsigntool 0.9.4 or later"
        }
    }

    private static func reason(_ program: String, _ output: String?) -> String {
        output.map { ": \(program) says: \($0)" } ?? ": \(program) failed without a reason"
    }
}

extension ProgramUse {
    fileprivate var text: String {
        switch self {
        case .format(let format): "--format \(format.rawValue)"
        case .compression(let compression): "--compress \(compression.rawValue)"
        case .container(let path): "\(path), a disk in a container,"
        case .signing: "signing"
        }
    }
}

extension ProgramError {
    var text: String {
        switch self {
        case .notFound(let name): return Packages.missing(name)
        case .notStarted(let program, let errno): return "\(program) cannot be started: \(errno)"
        case .failed(let program, let exit, let output):
            let lines = output.split(whereSeparator: \.isNewline).joined(separator: "; ")
            return "\(program) \(exit.text)" + (lines.isEmpty ? "" : ": \(lines)")
        case .timedOut(let program, let limit):
            return "\(program) did not end within \(limit.components.seconds) s"
        case .interrupted(let program, let signal):
            return "\(program) was stopped because this command received signal \(signal)"
        }
    }
}

extension Exit {
    var text: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let number): "was ended by signal \(number)"
        }
    }
}

extension FileError {
    fileprivate var text: String {
        switch self {
        case .notAFile(let path): "\(path): is a folder, a device or a pipe"
        case .isFolder(let path): "\(path): is a folder; specify a file"
        case .failed(.open, let path, let errno), .failed(.read, let path, let errno):
            "\(path): cannot be read: \(errno)"
        case .failed(_, let path, let errno): "\(path): cannot be written: \(errno)"
        }
    }
}
