import BootImageKit
import DiskImage
import ELFKit
import HostSystem

extension PlanError {
    /// One line: the options that contradict each other, and the remedy.
    var text: String {
        switch self {
        case .twoKernels(let first, let second, let architecture):
            "\(first) and \(second) are both for \(architecture.name); an image takes one kernel "
                + "for each architecture"
        case .noBIOS(let kind, let kernel, let architecture):
            (kind == .disc ? "--format iso" : "--firmware \(kind.rawValue)")
                + " boots on BIOS\(kind == .bios ? "" : ", too"), and \(kernel) is for "
                + "\(architecture.name), which has no BIOS; use --firmware uefi"
                + (kind == .bios ? "" : ", or add a kernel for x86-64")
        case .severalImages:
            "--output needs exactly one --firmware, and neither --name nor --output-directory"
        case .severalFormats: "--output needs exactly one --format"
        case .discNotHybrid: "--format iso needs --firmware hybrid, or no --firmware"
        case .badName(let name): "--name “\(name)” is not a file name"
        case .namelessKernel(let path): "“\(path)” is not the path of a file"
        case .sectorSizeNeedsUEFI(let size):
            "--sector-size \(size.rawValue) needs --firmware uefi: a BIOS boots only from disks "
                + "with 512-byte sectors"
        case .badSourceDateEpoch(let text):
            "SOURCE_DATE_EPOCH is “\(text)”; it must be whole seconds since 1970"
        case .noHybridImage: "--active-protective-mbr needs --firmware hybrid"
        case .noESP(let option):
            "\(option.text) needs an image with an EFI system partition: use --firmware uefi or "
                + "hybrid"
        case .noImage: "--image-size needs an image, and only a TFTP folder is written"
        case .noFileSystem(let option):
            "\(option.text) needs an image with a file system: use --firmware uefi or hybrid, or "
                + "--ramdisk to pass data to the kernel on BIOS"
        case .keyWithoutCertificate: "--sign-key needs --sign-cert, the key's certificate"
        case .certificateWithoutKey: "--sign-cert needs --sign-key, the certificate's key"
        case .nothingToSign:
            "--sign-key signs the UEFI loader, and no image has one: use --firmware uefi"
        case .badBuildNumber(let number):
            "--build-number \(number): must be 1 to \(BuildPlan.buildNumbers.upperBound)"
        case .buildNumberNotSigned:
            "--build-number needs --sign-key: the number is in what the signature covers"
        case .notForBoard(let board, let conflict):
            "\(conflict.option) cannot be combined with --board \(board.rawValue): "
                + "\(conflict.reason)"
        case .noBoardFirmware(let board):
            "--board \(board.rawValue) needs the vendor's boot files "
                + "(\(board.firmwareFiles.joined(separator: ", "))): set their folder with "
                + "--firmware-directory, or use --without-firmware"
        case .boardFirmwareTwice:
            "use either --firmware-directory or --without-firmware"
        case .noBoard:
            "--firmware-directory and --without-firmware need --board"
        case .badBoardLine(let line):
            "[raspi] in bootimage.toml: config has the line “\(line)”: must have at most "
                + "\(BoardConfiguration.lineLimit) bytes and no control characters"
        case .reservedOnCard(let file, let option):
            "\(option.entry(file)): bootimage writes this file; use [raspi] in bootimage.toml, "
                + "--command-line or --ramdisk, or another name"
        case .reservedName(let file, let option):
            "\(option.entry(file)): this name is reserved for the loader; use another"
        case .badCommandLine(let line):
            "--command-line “\(line)”: must not have control characters"
        case .badModule(let module):
            "--module \(module.name)=\(module.string): must not have control "
                + "characters"
        case .tooManyModules(let found, let allowed):
            "--module: given \(found) times, at most \(allowed) are allowed; put files into one "
                + "archive"
        case .manifestIsChecksums(let path):
            "--manifest \(path): this name is reserved for the checksums; use another"
        case .outputOutsideManifest(let path, let output, let suggestion):
            "--manifest \(path): \(output) is outside its folder; write the manifest to "
                + "\(suggestion), or set --output-directory"
        case .manifestIsOutput(let path, let output):
            "--manifest \(path): \(output) is an image; use another name"
        }
    }
}

extension PlanError.ESPOption {
    fileprivate var text: String {
        switch self {
        case .fat(let type): "--esp-fat \(type.rawValue)"
        case .size(let size): "--esp-size \(size.sizeText)"
        case .label(let label): "--volume-label \(label)"
        case .partitions: "[[partition]] in bootimage.toml"
        }
    }
}

extension PlanError.BoardConflict {
    fileprivate var option: String {
        switch self {
        case .firmware: "--firmware"
        case .disc: "--format iso"
        case .networkFolder: "--pxe-directory"
        case .secondKernel: "a second kernel"
        case .sectorSize: "--sector-size 4096"
        case .fatType: "--esp-fat"
        case .espSize: "--esp-size"
        case .activeEntry: "--active-protective-mbr"
        case .partitions: "[[partition]] in bootimage.toml"
        case .signature: "--sign-key"
        case .secureBoot: "--secure-boot"
        case .buildNumber: "--build-number"
        case .loaderSettings: "--boot-config"
        case .modules: "--module"
        case .bootProtocol: "--protocol"
        case .debugInformation: "--keep-debug-info"
        }
    }

    fileprivate var reason: String {
        switch self {
        case .firmware, .signature, .secureBoot, .buildNumber, .loaderSettings, .bootProtocol:
            "the board's firmware starts the kernel without a loader"
        case .disc, .networkFolder: "the board boots from a card"
        case .secondKernel: "a card has one kernel"
        case .sectorSize, .fatType, .espSize, .activeEntry, .partitions:
            "a card is one FAT32 partition with 512-byte sectors; use --image-size to enlarge it"
        case .modules: "the board's firmware loads one file; use --ramdisk"
        case .debugInformation: "a flat kernel has no sections"
        }
    }
}

extension PlanError.ContentOption {
    fileprivate var text: String {
        switch self {
        case .files: "--file"
        case .directories: "--directory"
        case .filesTable: "[files] in bootimage.toml"
        case .directoriesTable: "[directories] in bootimage.toml"
        case .partitions: "[[partition]] in bootimage.toml"
        }
    }

    fileprivate func entry(_ file: ExtraFile) -> String {
        let isTable = ![.files, .directories].contains(self)
        return text + (isTable ? ": " : " ") + "\(file.destination)=\(file.source)"
    }
}

extension BuildWarning {
    var text: String {
        switch self {
        case .omits(let output, let option):
            "\(output): omits the entries of \(option.text): a BIOS image has no file system"
        case .notSigned(let output): "\(output): not signed: BIOS does not verify signatures"
        case .kernel(let path, let warning): "\(path): \(warning)"
        }
    }
}
