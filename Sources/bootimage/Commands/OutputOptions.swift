import ArgumentParser
import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// The options of `build` for the files that it writes.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the images to <directory> (default: the kernel's).", valueName: "directory"),
        completion: .directory, transform: FilePath.init(text:))
    var outputDirectory: FilePath?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the image to <file>. Needs exactly one --firmware or --board, and at most one "
                + "--format.",
            valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var output: FilePath?

    @Option(
        help: ArgumentHelp(
            "Name the images bootimage-<name> (default: the kernel's file name without .elf).",
            valueName: "name"))
    var name: String?

    @Option(
        help: """
            Write each image in this format: raw (default); qcow2, vmdk, vdi, vhdx or vhd, which \
            need qemu-img; or iso, a disc for both firmwares. Repeatable.
            """)
    var format: [ImageFormat] = []

    @Option(help: "Compress each image with zstd, xz or gzip.")
    var compress: Compression?

    @Option(
        help: ArgumentHelp(
            "Write the files for booting UEFI machines over the network to <directory>, which a "
                + "TFTP server serves. Images are then written only if another option concerns "
                + "them.", valueName: "directory"),
        completion: .directory, transform: FilePath.init(text:))
    var pxeDirectory: FilePath?

    @Option(
        help: ArgumentHelp(
            "Write a JSON record of the build to <file>: inputs and outputs with sizes and SHA-256 "
                + "digests, layouts, boot contract; and SHA256SUMS beside it.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var manifest: FilePath?

    @Flag(help: "Force the outputs to the disk before the command ends (fsync).")
    var durable = false

    @Flag(help: "Print the layout of each image, and write nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Print errors only.")
    var quiet = false

    /// Sets these options.
    func set(_ options: inout BuildOptions) {
        (options.outputDirectory, options.output, options.name) = (outputDirectory, output, name)
        (options.formats, options.compression) = (format, compress)
        (options.pxeDirectory, options.manifest) = (pxeDirectory, manifest)
        options.isDurable = durable
        options.sourceDateEpoch = Environment["SOURCE_DATE_EPOCH"]
    }
}
