import ArgumentParser
import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// `bootimage build`: writes the images.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Write disk images that boot a kernel.",
        discussion: """
            Without --firmware it writes one for each: NAME.bios.img and NAME.uefi.img. Example: \
            bootimage build kernel.elf --format qcow2 --format raw --manifest build.json
            """)

    @Argument(
        help: ArgumentHelp(
            "The kernel's ELF file, or two, for x86-64 and AArch64, in one image; without any, "
                + "bootimage.toml's, which is built first.", valueName: "kernel"),
        completion: .file(), transform: FilePath.init(_:))
    var kernels: [FilePath] = []

    @Option(
        help: """
            Write an image for this firmware: bios, uefi, or hybrid for both in one. May be \
            repeated.
            """)
    var firmware: [ImageKind] = []

    @Option(
        help: """
            Lay the image out for a disk with sectors of this many bytes: 512 or 4096; 4096 with \
            --firmware uefi only.
            """)
    var sectorSize: SectorSize?

    @Option(
        name: .customLong("esp-fat"),
        help: ArgumentHelp(
            "Make the EFI system partition FAT12, for up to 127 MiB, FAT16, for up to 2047 MiB, or "
                + "FAT32, which is the default.", valueName: "bits"))
    var espFAT: FATType?

    @Option(
        help: ArgumentHelp(
            "Make the EFI system partition this long at least, such as 64MiB.", valueName: "size"))
    var espSize: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Name the EFI system partition's file system so: 1 to 11 capitals, digits or "
                + "punctuation.", valueName: "label"))
    var volumeLabel: String?

    @Option(
        help: ArgumentHelp(
            "Make each image this long at least, such as 1GiB; what no partition takes is free.",
            valueName: "size"))
    var imageSize: ByteCount?

    @Flag(
        name: .customLong("active-protective-mbr"),
        help: """
            Mark the only entry of a hybrid image's MBR active, for BIOSes that start no stick \
            without; a UEFI firmware may then refuse it.
            """)
    var activeProtectiveMBR = false

    @OptionGroup var content: ContentOptions

    @Option(
        help: "Write the images into this folder instead of the kernel's.",
        completion: .directory, transform: FilePath.init(_:))
    var outputDirectory: FilePath?

    @Option(
        name: .shortAndLong,
        help: "Write the image to this path; with one --firmware and one --format only.",
        completion: .file(), transform: FilePath.init(_:))
    var output: FilePath?

    @Option(
        help: """
            Write what boots UEFI machines over the network into this folder, for a TFTP server: \
            BOOTX64.EFI or BOOTAA64.EFI, the kernel and its files. Images are then written only \
            if an option about images is given too.
            """,
        completion: .directory, transform: FilePath.init(_:))
    var pxeDirectory: FilePath?

    @Option(
        help: """
            Write each image in this format: qemu-img makes all but raw, which is the default, and \
            iso, a disc for both firmwares. May be repeated.
            """)
    var format: [ImageFormat] = []

    @Option(help: "Pack each image, by the program zstd, xz or gzip.")
    var compress: Compression?

    @Option(
        help: """
            Write what was built from what to this file, as JSON: sizes, SHA-256 digests, layout \
            and boot contract; and SHA256SUMS beside it.
            """,
        completion: .file(), transform: FilePath.init(_:))
    var manifest: FilePath?

    @Option(help: "Name the images bootimage-NAME instead of after the kernel's file.")
    var name: String?

    @Flag(help: "Print what each image would hold, and write nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Print errors only.")
    var quiet = false

    func run() throws {
        let settings = try Settings.load(file: content.config)
        let kernels = try kernels.isEmpty ? [KernelBuilder.run(settings)] : kernels
        let options = BuildOptions(
            content: try content.with(kernels[0]).adding(Array(kernels.dropFirst())),
            kinds: firmware, outputDirectory: outputDirectory,
            output: output, name: name, pxeDirectory: pxeDirectory, sectorSize: sectorSize,
            espFAT: espFAT, signKey: content.signKey, signCertificate: content.signCert,
            sourceDateEpoch: Environment["SOURCE_DATE_EPOCH"],
            activeProtectiveMBR: activeProtectiveMBR, formats: format,
            compression: compress, manifest: manifest, volumeLabel: volumeLabel, espSize: espSize,
            imageSize: imageSize)
        let plan = try BuildPlan(settings.fillingWithPlaces(options))
        let fileSystems = FileSystems(report: Console.guestFSProgress(isQuiet: quiet))
        let builder = try ImageBuilder(plan, fileSystems: dryRun ? nil : fileSystems)
        // What one output cannot hold is refused before another is written.
        let images = try plan.images.map { (try builder.layOut($0.kind), $0.outputs) }
        let folder = try plan.pxeDirectory.map {
            (path: $0, layout: try builder.layOutNetworkFolder())
        }
        if !quiet { builder.warnings.forEach(Console.warning) }
        if dryRun { return try show(images, folder) }
        try ImagePublisher.check(plan.outputs)
        var writer: ManifestWriter?
        if let manifest = plan.manifest {
            writer = try ManifestWriter(
                manifest, for: plan, folder, builder,
                toolVersion: Bootimage.configuration.version)
        }
        let publisher = ImagePublisher(builder: builder, takesDigests: plan.manifest != nil)
        var published: [PublishedImage] = []
        for (layout, outputs) in images {
            published.append(try publisher.publish(layout, as: outputs))
            try tell(outputs.map(\.path))
        }
        if let (path, layout) = folder {
            try builder.write(layout, to: path)
            try tell([path])
        }
        if let paths = try writer?.write(published) { try tell(paths) }
    }

    private func tell(_ paths: [FilePath]) throws {
        if quiet { return }
        for path in paths { try Console.print("\(path)") }
    }

    /// Prints what each output would hold.
    private func show(
        _ images: [(ImageLayout, [BuildPlan.Output])], _ folder: (FilePath, FolderLayout)?
    ) throws {
        for (layout, outputs) in images {
            for output in outputs { try Console.print("\(output.path):\n\(layout)") }
        }
        if let (path, layout) = folder { try Console.print("\(path):\n\(layout)") }
    }
}
