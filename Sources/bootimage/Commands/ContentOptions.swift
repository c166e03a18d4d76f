import ArgumentParser
import BootImageKit
import DiskImage
import SystemPackage

/// What goes into an image besides the kernel; the same for every command that builds one.
struct ContentOptions: ParsableArguments {
    @Option(
        help: "Give the kernel this file's bytes as its RAM disk.", completion: .file(),
        transform: FilePath.init(_:))
    var ramdisk: FilePath?

    @Option(
        help: "Tell the loader what this boot.json says: log, screen size, what to do on failure.",
        completion: .file(), transform: FilePath.init(_:))
    var bootConfig: FilePath?

    @Option(
        help: """
            Sign the loader for UEFI with this RSA key, PEM, and let it verify kernel, RAM disk \
            and boot.json; needs --sign-cert.
            """,
        completion: .file(), transform: FilePath.init(_:))
    var signKey: FilePath?

    @Option(
        help: "The certificate of --sign-key, PEM, which the machine must know.",
        completion: .file(), transform: FilePath.init(_:))
    var signCert: FilePath?

    @Flag(help: "Leave the kernel's debugging sections in: it is then read whole at each boot.")
    var keepDebugInfo = false

    @Option(
        help: ArgumentHelp(
            "Put SOURCE into the EFI system partition as DESTINATION, a path from its root. May "
                + "be repeated.",
            valueName: "destination=source"),
        transform: Self.parseFile)
    var file: [ExtraFile] = []

    @Option(
        help: ArgumentHelp(
            "Put every file below the folder SOURCE into the EFI system partition, below "
                + "DESTINATION; / is its root. May be repeated.",
            valueName: "destination=source"),
        transform: Self.parseFile)
    var directory: [ExtraFile] = []

    @Option(
        help: "Take what no option says from this file instead of the bootimage.toml nearest.",
        completion: .file(), transform: FilePath.init(_:))
    var config: FilePath?

    /// These options' files, with the kernel that they are for.
    func with(_ kernel: FilePath) -> KernelContent {
        KernelContent(
            kernel: kernel, ramdisk: ramdisk, bootConfiguration: bootConfig, extraFiles: file,
            directories: directory, keepsDebugInfo: keepDebugInfo)
    }

    private static func parseFile(_ argument: String) throws -> ExtraFile {
        guard let file = ExtraFile(argument: argument) else {
            throw ValidationError("“\(argument)” is not DESTINATION=SOURCE")
        }
        return file
    }
}
