import ArgumentParser
import DiskImage
import SystemPackage

/// `bootimage build`: writes the images.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Write disk images that boot a kernel.",
        discussion: "Without --firmware it writes one for each: NAME.bios.img and NAME.uefi.img.")

    @Argument(help: "The kernel's ELF file.", transform: FilePath.init(_:))
    var kernel: FilePath

    @Option(help: "Write an image for this firmware: bios or uefi. May be repeated.")
    var firmware: [Firmware] = []

    @Option(
        help: """
            Lay the image out for a disk with sectors of this many bytes: 512 or 4096; 4096 with \
            --firmware uefi only.
            """)
    var sectorSize = SectorSize.bytes512

    @Option(
        name: .customLong("esp-fat"),
        help: ArgumentHelp(
            "Make the EFI system partition FAT12, for up to 127 MiB, FAT16, for up to 2047 MiB, or "
                + "FAT32, which is the default.", valueName: "bits"))
    var espFAT: FATType?

    @OptionGroup var content: ContentOptions

    @Option(
        help: "Write the images into this folder instead of the kernel's.",
        transform: FilePath.init(_:))
    var outputDirectory: FilePath?

    @Option(
        name: .shortAndLong, help: "Write the image to this path; with one --firmware only.",
        transform: FilePath.init(_:))
    var output: FilePath?

    @Option(
        help: """
            Write what boots UEFI machines over the network into this folder, for a TFTP server: \
            BOOTX64.EFI, the kernel and its files. Images are then written only if an option \
            about images is given too.
            """,
        transform: FilePath.init(_:))
    var pxeDirectory: FilePath?

    @Option(help: "Name the images bootimage-NAME instead of after the kernel's file.")
    var name: String?

    @Flag(help: "Print what each image would hold, and write nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Print errors only.")
    var quiet = false

    func run() throws {
        let options = BuildOptions(
            content: content.with(kernel), firmware: firmware, outputDirectory: outputDirectory,
            output: output, name: name, pxeDirectory: pxeDirectory, sectorSize: sectorSize,
            espFAT: espFAT, sourceDateEpoch: Environment["SOURCE_DATE_EPOCH"])
        let plan = try BuildPlan(options)
        let builder = try ImageBuilder(plan)
        // What one output cannot hold is refused before another is written.
        let images = try plan.outputs.map { ($0.path, try builder.layOut($0.firmware)) }
        let folder = try plan.pxeDirectory.map { ($0, try builder.layOutNetworkFolder()) }
        if !quiet { builder.warnings.forEach(Console.warning) }
        for (path, layout) in images {
            try deliver(layout, to: path) { try builder.write(layout, to: path) }
        }
        if let (path, layout) = folder {
            try deliver(layout, to: path) { try builder.write(layout, to: path) }
        }
    }

    /// Writes something and names it, or only shows it.
    private func deliver(
        _ layout: some CustomStringConvertible, to path: FilePath, write: () throws -> Void
    ) throws {
        if dryRun { return try Console.print("\(path):\n\(layout)") }
        try write()
        if !quiet { try Console.print("\(path)") }
    }
}

/// What goes into an image besides the kernel; the same for every command that builds one.
struct ContentOptions: ParsableArguments {
    @Option(
        help: "Give the kernel this file's bytes as its RAM disk.", transform: FilePath.init(_:))
    var ramdisk: FilePath?

    @Option(
        help: "Tell the loader what this boot.json says: log, screen size, what to do on failure.",
        transform: FilePath.init(_:))
    var bootConfig: FilePath?

    @Flag(help: "Leave the kernel's debugging sections in: it is then read whole at each boot.")
    var keepDebugInfo = false

    @Option(
        help: ArgumentHelp(
            "Put SOURCE into the EFI system partition as DESTINATION, a path from its root. May "
                + "be repeated.",
            valueName: "destination=source"),
        transform: Self.parseFile)
    var file: [ExtraFile] = []

    /// These options' files, with the kernel that they are for.
    func with(_ kernel: FilePath) -> KernelContent {
        KernelContent(
            kernel: kernel, ramdisk: ramdisk, bootConfiguration: bootConfig, extraFiles: file,
            keepsDebugInfo: keepDebugInfo)
    }

    private static func parseFile(_ argument: String) throws -> ExtraFile {
        guard let file = ExtraFile(argument: argument) else {
            throw ValidationError("“\(argument)” is not DESTINATION=SOURCE")
        }
        return file
    }
}
