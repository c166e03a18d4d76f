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
    /// What signs the loader for UEFI.
    var signKey: FilePath?
    var signCertificate: FilePath?
    /// The keys of a machine that starts only what is signed: with db, unless others are named.
    var secureBootKeys: KeyFolder?
    /// The value of the environment variable of that name: seconds since 1970.
    var sourceDateEpoch: String?
    /// Whether a hybrid image tells BIOSes that it can be started where they look for it.
    var activeProtectiveMBR = false
    /// What each image is written as; empty: raw.
    var formats: [ImageFormat] = []
    var compression: Compression?
    /// Where to tell what was built from what.
    var manifest: FilePath?
    /// The EFI system partition's name; nil: the usual.
    var volumeLabel: String?
    /// The EFI system partition's size and the image's, at least.
    var espSize: ByteCount?
    var imageSize: ByteCount?
    /// What follows the EFI system partition.
    var partitions: [PartitionRequest] = []
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

        /// What `--firmware` and `--format` call it.
        var firmwareName: String { (kind == .disc ? .hybrid : kind).rawValue }
        var formatName: String { kind == .disc ? ImageFormat.iso.rawValue : format.rawValue }
    }

    var content: KernelContent
    var timestamp: FATTimestamp
    var sectorSize: SectorSize
    /// What the EFI system partition is; nil: what is usual for the image.
    var fatType: FATType?
    var volumeLabel: String
    var espSize: ByteCount
    var imageSize: ByteCount
    var partitions: [PartitionRequest]
    var outputs: [Output]
    /// The folder for a TFTP server, if there is to be one.
    var pxeDirectory: FilePath?
    /// Whether the only entry in a hybrid image's MBR is marked active.
    var activeProtectiveMBR: Bool
    /// The file that tells what was built from what, if there is to be one.
    var manifest: FilePath?
    /// What signs the loader for UEFI, if anything does.
    var signing: SigningIdentity?

    /// Decides; throws a usage failure for options that contradict each other.
    init(_ options: BuildOptions) throws(Failure) {
        content = options.content
        timestamp = try Self.timestamp(options.sourceDateEpoch)
        sectorSize = try Self.sectorSize(options)
        fatType = options.espFAT
        volumeLabel = options.volumeLabel ?? "BOOTIMAGE"
        espSize = options.espSize ?? .zero
        imageSize = options.imageSize ?? .zero
        partitions = options.partitions
        outputs = options.asksForImages ? try Self.outputs(options) : []
        pxeDirectory = options.pxeDirectory
        activeProtectiveMBR = options.activeProtectiveMBR
        guard !activeProtectiveMBR || outputs.contains(where: { $0.kind == .hybrid }) else {
            throw Failure(
                .usage,
                "--active-protective-mbr is for hybrid images, and none is written: give "
                    + "--firmware hybrid")
        }
        manifest = options.manifest
        signing = try Self.signingIdentity(options)
        try checkSigning()
        try checkFileSystem(options)
    }

    /// Refuses what is about an EFI system partition where there is none.
    private func checkFileSystem(_ options: BuildOptions) throws(Failure) {
        let hasESP = outputs.contains { $0.kind.hasESP }
        let given = [
            (options.espFAT.map { "--esp-fat \($0.rawValue)" }),
            (options.espSize.map { "--esp-size \($0.sizeText)" }),
            (options.volumeLabel.map { "--volume-label \($0)" }),
            (options.partitions.isEmpty ? nil : "[[partition]] in \(SettingsFile.name)"),
        ]
        if let option = given.compactMap(\.self).first, !hasESP {
            throw Failure(
                .usage,
                "\(option) needs an image with an EFI system partition, and none is written: "
                    + "give --firmware uefi or hybrid")
        }
        guard options.imageSize == nil || !outputs.isEmpty else {
            throw Failure(.usage, "--image-size needs an image, and none is written")
        }
        let isPlain = content.extraFiles.isEmpty && content.directories.isEmpty
        guard isPlain || hasESP || pxeDirectory != nil else {
            let option = content.extraFiles.isEmpty ? "--directory" : "--file"
            throw Failure(
                .usage,
                "\(option) needs an image with a file system, which BIOS images have not: use "
                    + "--firmware uefi or hybrid, or --ramdisk for what the kernel shall find on "
                    + "BIOS")
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
        let lost = [
            (content.extraFiles.isEmpty, "--file names"),
            (content.directories.isEmpty, "--directory names"),
            (partitions.isEmpty, "[[partition]] describes"),
        ].filter { !$0.0 }.map(\.1)
        return outputs.filter { !$0.kind.hasESP }.flatMap { output in
            lost.map {
                "\(output.path): is without what \($0): a BIOS image has no file system"
            } + signingWarnings(output)
        }
    }

    private static func outputs(_ options: BuildOptions) throws(Failure) -> [Output] {
        let images = try images(options)
        if let path = options.output {
            let firmwares = Set(images.map(\.kind)).count
            guard firmwares == 1, options.outputDirectory == nil, options.name == nil else {
                throw Failure(
                    .usage,
                    "--output names one image: give one --firmware, and neither --name nor "
                        + "--output-directory")
            }
            guard images.count == 1 else {
                throw Failure(.usage, "--output names one image: give one --format")
            }
            return [
                Output(
                    kind: images[0].kind, format: images[0].format,
                    compression: options.compression, path: path)
            ]
        }
        var name = try defaultName(of: options.content.kernel)
        if let given = options.name { name = given }
        guard !name.isEmpty, !name.unicodeScalars.contains("/") else {
            throw Failure(.usage, "--name “\(name)” is not a file name")
        }
        let directory = options.outputDirectory ?? options.content.kernel.removingLastComponent()
        return images.map { kind, format in
            let end = kind == .disc ? "iso" : "\(kind.rawValue).\(format.fileExtension)"
            let packed = options.compression.map { "." + $0.fileExtension } ?? ""
            return Output(
                kind: kind, format: format, compression: options.compression,
                path: directory.appending("bootimage-\(name).\(end)\(packed)"))
        }
    }

    /// Each kind in each container, and a disc if one is asked for; each once.
    private static func images(
        _ options: BuildOptions
    ) throws(Failure) -> [(kind: ImageKind, format: ContainerFormat)] {
        var kinds: [ImageKind] = []
        for kind in options.kinds where !kinds.contains(kind) { kinds.append(kind) }
        let isDisc = options.formats.contains(.iso)
        guard !isDisc || kinds.isEmpty || kinds.contains(.hybrid) else {
            throw Failure(
                .usage,
                "--format iso is for both firmwares: give --firmware hybrid, or none")
        }
        if kinds.isEmpty { kinds = ImageKind.usual }
        let containers = containers(options)
        return kinds.flatMap { kind in containers.map { (kind, $0) } }
            + (isDisc ? [(.disc, .raw)] : [])
    }

    /// In the order given, each once.
    private static func containers(_ options: BuildOptions) -> [ContainerFormat] {
        if options.formats.isEmpty { return [.raw] }
        var containers: [ContainerFormat] = []
        for case .container(let format) in options.formats where !containers.contains(format) {
            containers.append(format)
        }
        return containers
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
