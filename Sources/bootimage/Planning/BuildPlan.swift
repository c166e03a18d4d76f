import DiskImage
import SystemPackage

/// What was asked for, before anything is decided.
struct BuildOptions: Equatable, Sendable {
    var content: KernelContent
    /// Empty: the usual.
    var kinds: [ImageKind] = []
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
    /// Whether a hybrid image tells BIOSes that it can be started where they look for it.
    var activeProtectiveMBR = false
    /// What each image is kept in; empty: raw.
    var formats: [ContainerFormat] = []
    var compression: Compression?
    /// Where to tell what was built from what.
    var manifest: FilePath?
}

extension BuildOptions {
    /// A folder for a TFTP server is all that is written, unless an option is about images.
    fileprivate var asksForImages: Bool {
        pxeDirectory == nil || !kinds.isEmpty || outputDirectory != nil || output != nil
            || name != nil || !formats.isEmpty || compression != nil
    }
}

/// What will be built from what, and where it goes: a pure value.
struct BuildPlan: Equatable, Sendable {
    /// One file: an image for a firmware, in a container or raw, packed or not.
    struct Output: Equatable, Sendable {
        var kind: ImageKind
        var format = ContainerFormat.raw
        var compression: Compression?
        var path: FilePath
    }

    var content: KernelContent
    var timestamp: FATTimestamp
    var sectorSize: SectorSize
    var fatType: FATType
    var outputs: [Output]
    /// The folder for a TFTP server, if there is to be one.
    var pxeDirectory: FilePath?
    /// Whether the only entry in a hybrid image's MBR is marked active.
    var activeProtectiveMBR: Bool
    /// The file that tells what was built from what, if there is to be one.
    var manifest: FilePath?

    /// Decides; throws a usage failure for options that contradict each other.
    init(_ options: BuildOptions) throws(Failure) {
        content = options.content
        timestamp = try Self.timestamp(options.sourceDateEpoch)
        sectorSize = try Self.sectorSize(options)
        fatType = options.espFAT ?? .fat32
        outputs = options.asksForImages ? try Self.outputs(options) : []
        pxeDirectory = options.pxeDirectory
        activeProtectiveMBR = options.activeProtectiveMBR
        guard !activeProtectiveMBR || outputs.contains(where: { $0.kind == .hybrid }) else {
            throw Failure(
                .usage,
                "--active-protective-mbr is for hybrid images, and none is written: give "
                    + "--firmware hybrid")
        }
        let hasESP = outputs.contains { $0.kind.hasESP }
        manifest = options.manifest
        guard options.espFAT == nil || hasESP else {
            throw Failure(
                .usage,
                "--esp-fat \(fatType.rawValue) needs an image with an EFI system partition, and "
                    + "none is written: give --firmware uefi or hybrid")
        }
        guard content.extraFiles.isEmpty || hasESP || pxeDirectory != nil else {
            throw Failure(
                .usage,
                "--file needs an image with a file system, which BIOS images have not: use "
                    + "--firmware uefi or hybrid, or --ramdisk for what the kernel shall find on "
                    + "BIOS"
            )
        }
    }

    /// The images, each with the files that hold it.
    var images: [(kind: ImageKind, outputs: [Output])] {
        var images: [(kind: ImageKind, outputs: [Output])] = []
        for output in outputs {
            if images.last?.kind != output.kind { images.append((output.kind, [])) }
            images[images.count - 1].outputs.append(output)
        }
        return images
    }

    /// What the plan leaves out of some output.
    var warnings: [String] {
        if content.extraFiles.isEmpty { return [] }
        return outputs.filter { !$0.kind.hasESP }.map {
            "\($0.path): is without what --file names: a BIOS image has no file system"
        }
    }

    private static func outputs(_ options: BuildOptions) throws(Failure) -> [Output] {
        var kinds: [ImageKind] = []
        for kind in options.kinds where !kinds.contains(kind) { kinds.append(kind) }
        if kinds.isEmpty { kinds = ImageKind.usual }
        let formats = formats(options)
        if let path = options.output {
            guard kinds.count == 1, options.outputDirectory == nil, options.name == nil else {
                throw Failure(
                    .usage,
                    "--output names one image: give one --firmware, and neither --name nor "
                        + "--output-directory")
            }
            guard formats.count == 1 else {
                throw Failure(.usage, "--output names one image: give one --format")
            }
            return [
                Output(
                    kind: kinds[0], format: formats[0], compression: options.compression,
                    path: path)
            ]
        }
        var name = try defaultName(of: options.content.kernel)
        if let given = options.name { name = given }
        guard !name.isEmpty, !name.unicodeScalars.contains("/") else {
            throw Failure(.usage, "--name “\(name)” is not a file name")
        }
        let directory = options.outputDirectory ?? options.content.kernel.removingLastComponent()
        return kinds.flatMap { kind in
            formats.map { format in
                let packed = options.compression.map { "." + $0.fileExtension } ?? ""
                let file = "bootimage-\(name).\(kind.rawValue).\(format.fileExtension)" + packed
                return Output(
                    kind: kind, format: format, compression: options.compression,
                    path: directory.appending(file))
            }
        }
    }

    /// In the order given, each once.
    private static func formats(_ options: BuildOptions) -> [ContainerFormat] {
        var formats: [ContainerFormat] = []
        for format in options.formats where !formats.contains(format) { formats.append(format) }
        return formats.isEmpty ? [.raw] : formats
    }

    private static func sectorSize(_ options: BuildOptions) throws(Failure) -> SectorSize {
        let size = options.sectorSize ?? .bytes512
        let isUEFIOnly = !options.kinds.isEmpty && options.kinds.allSatisfy { $0 == .uefi }
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
