import DiskImage
import SystemPackage

/// What was asked for, before anything is decided.
struct BuildOptions: Equatable, Sendable {
    var content: KernelContent
    /// Empty: every firmware.
    var firmware: [Firmware] = []
    var outputDirectory: FilePath?
    var output: FilePath?
    var name: String?
    var pxeDirectory: FilePath?
    /// The length of a sector on the disk that the images are for.
    ///
    /// nil: the usual.
    var sectorSize: SectorSize?
    /// What the EFI system partition is; nil: the usual.
    var espFAT: FATType?
    /// The value of the environment variable of that name: seconds since 1970.
    var sourceDateEpoch: String?
}

extension BuildOptions {
    /// A folder for a TFTP server is all that is written, unless an option is about images.
    fileprivate var asksForImages: Bool {
        pxeDirectory == nil || !firmware.isEmpty || outputDirectory != nil || output != nil
            || name != nil
    }
}

/// What will be built from what, and where it goes: a pure value.
struct BuildPlan: Equatable, Sendable {
    /// One image.
    struct Output: Equatable, Sendable {
        var firmware: Firmware
        var path: FilePath
    }

    var content: KernelContent
    var timestamp: FATTimestamp
    var sectorSize: SectorSize
    var fatType: FATType
    var outputs: [Output]
    /// The folder for a TFTP server, if there is to be one.
    var pxeDirectory: FilePath?

    /// Decides; throws a usage failure for options that contradict each other.
    init(_ options: BuildOptions) throws(Failure) {
        content = options.content
        timestamp = try Self.timestamp(options.sourceDateEpoch)
        sectorSize = try Self.sectorSize(options)
        fatType = options.espFAT ?? .fat32
        outputs = options.asksForImages ? try Self.outputs(options) : []
        pxeDirectory = options.pxeDirectory
        let hasESP = outputs.contains { $0.firmware == .uefi }
        guard options.espFAT == nil || hasESP else {
            throw Failure(
                .usage,
                "--esp-fat \(fatType.rawValue) needs an image with an EFI system partition, and "
                    + "none is written: give --firmware uefi")
        }
        guard content.extraFiles.isEmpty || hasESP || pxeDirectory != nil else {
            throw Failure(
                .usage,
                "--file needs an image with a file system, which BIOS images have not: use "
                    + "--firmware uefi, or --ramdisk for what the kernel shall find on BIOS")
        }
    }

    /// What the plan leaves out of some output.
    var warnings: [String] {
        if content.extraFiles.isEmpty { return [] }
        return outputs.filter { $0.firmware == .bios }.map {
            "\($0.path): is without what --file names: a BIOS image has no file system"
        }
    }

    private static func outputs(_ options: BuildOptions) throws(Failure) -> [Output] {
        var firmwares: [Firmware] = []
        for firmware in options.firmware where !firmwares.contains(firmware) {
            firmwares.append(firmware)
        }
        if firmwares.isEmpty { firmwares = Firmware.allCases }
        if let path = options.output {
            guard firmwares.count == 1, options.outputDirectory == nil, options.name == nil else {
                throw Failure(
                    .usage,
                    "--output names one image: give one --firmware, and neither --name nor "
                        + "--output-directory")
            }
            return [Output(firmware: firmwares[0], path: path)]
        }
        var name = try defaultName(of: options.content.kernel)
        if let given = options.name { name = given }
        guard !name.isEmpty, !name.unicodeScalars.contains("/") else {
            throw Failure(.usage, "--name “\(name)” is not a file name")
        }
        let directory = options.outputDirectory ?? options.content.kernel.removingLastComponent()
        return firmwares.map {
            Output(
                firmware: $0, path: directory.appending("bootimage-\(name).\($0.rawValue).img"))
        }
    }

    private static func sectorSize(_ options: BuildOptions) throws(Failure) -> SectorSize {
        let size = options.sectorSize ?? .bytes512
        let isUEFIOnly = !options.firmware.isEmpty && options.firmware.allSatisfy { $0 == .uefi }
        guard size == .bytes512 || isUEFIOnly else {
            throw Failure(
                .usage,
                "--sector-size \(size.rawValue) is for UEFI alone, because a BIOS "
                    + "starts only disks with sectors of 512 bytes; give --firmware uefi")
        }
        return size
    }

    /// The kernel's file name without `.elf`.
    private static func defaultName(of kernel: FilePath) throws(Failure) -> String {
        guard let component = kernel.lastComponent else {
            throw Failure(.usage, "“\(kernel)” does not name a file")
        }
        return component.extension == "elf" ? component.stem : component.string
    }

    private static func timestamp(_ epoch: String?) throws(Failure) -> FATTimestamp {
        guard let epoch, !epoch.isEmpty else { return .epoch }
        guard let seconds = Int64(epoch) else {
            throw Failure(
                .usage, "SOURCE_DATE_EPOCH is “\(epoch)”; it must be whole seconds since 1970")
        }
        return FATTimestamp(unixSeconds: seconds)
    }
}
