package import DiskImage
package import HostSystem
package import SystemPackage

/// What will be built from what, and where it goes: a pure value.
package struct BuildPlan: Equatable, Sendable {
    /// One file: an image for a firmware, in a container or raw, packed or not.
    package struct Output: Equatable, Sendable {
        package var kind: ImageKind
        package var format = ContainerFormat.raw
        package var compression: Compression?
        package var path: FilePath

        /// What `--firmware` and `--format` call it.
        var firmwareName: String { (kind == .disc ? .hybrid : kind).rawValue }
        var formatName: String { kind == .disc ? ImageFormat.iso.rawValue : format.rawValue }
    }

    package var content: KernelContent
    var timestamp: FATTimestamp
    package var sectorSize: SectorSize
    /// What the EFI system partition is; nil: what is usual for the image.
    var fatType: FATType?
    package var volumeLabel: String
    package var espSize: ByteCount
    package var imageSize: ByteCount
    package var partitions: [PartitionRequest]
    package var outputs: [Output]
    /// The folder for a TFTP server, if there is to be one.
    package var pxeDirectory: FilePath?
    /// Whether the only entry in a hybrid image's MBR is marked active.
    var activeProtectiveMBR: Bool
    /// The file that tells what was built from what, if there is to be one.
    package var manifest: FilePath?
    /// What signs the loader for UEFI, if anything does.
    var signing: SigningIdentity?

    /// Decides; throws a usage failure for options that contradict each other.
    package init(_ options: BuildOptions) throws(Failure) {
        var options = options
        try Self.checkArchitectures(options)
        if options.asksForImages, options.kinds.isEmpty, !options.formats.contains(.iso) {
            options.kinds = Self.usualKinds(options.content)
        }
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
        let isHybrid = outputs.contains { [.hybrid, .disc].contains($0.kind) }
        guard !activeProtectiveMBR || isHybrid else {
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
            (options.partitions.isEmpty ? nil : "[[partition]] in bootimage.toml"),
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

    /// What the plan leaves out of some output.
    package var warnings: [String] {
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

    private static func timestamp(_ epoch: String?) throws(Failure) -> FATTimestamp {
        guard let epoch, !epoch.isEmpty else { return .epoch }
        guard let seconds = Int64(epoch) else {
            throw Failure(
                .usage, "SOURCE_DATE_EPOCH is “\(epoch)”; it must be whole seconds since 1970")
        }
        return FATTimestamp(unixSeconds: seconds)
    }
}
