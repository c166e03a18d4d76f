import ArgumentParser
import BootImageKit
import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The contents of an image besides the kernel; the same for every command that builds one.
struct ContentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Pass <file> to the kernel as its RAM disk.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var ramdisk: FilePath?

    @Option(
        help: ArgumentHelp(
            "Loader settings, a boot.json: log, screen size, action on failure.",
            valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var bootConfig: FilePath?

    @Option(
        help: ArgumentHelp("Pass <text> to the kernel as its command line.", valueName: "text"))
    var commandLine: String?

    @Option(
        help: ArgumentHelp(
            "Load a file into memory for the kernel, with an optional string. Repeatable.",
            valueName: "file[=string]"),
        completion: .file(), transform: Self.parseModule)
    var module: [KernelContent.Module] = []

    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp(
            "Start the kernel by bootloader, limine, multiboot2, multiboot or plain (default: the "
                + "first that its file asks for).", valueName: "protocol"))
    var bootProtocol: BootProtocol?

    @Option(
        help: ArgumentHelp(
            "Sign the UEFI loader with <file>, an RSA key in PEM; the loader then verifies kernel, "
                + "RAM disk, modules and settings. Needs --sign-cert.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var signKey: FilePath?

    @Option(
        help: ArgumentHelp(
            "The certificate of --sign-key, in PEM; it must be enrolled in the machine.",
            valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var signCert: FilePath?

    @Flag(help: "Keep the kernel's debug sections; they are then read at each boot.")
    var keepDebugInfo = false

    @Option(
        help: ArgumentHelp(
            "Copy a file to <destination>, a path in the EFI system partition. Repeatable.",
            valueName: "destination=source"),
        transform: Self.parseFile)
    var file: [ExtraFile] = []

    @Option(
        help: ArgumentHelp(
            "Copy all files below a folder to <destination>, a folder in the EFI system partition; "
                + "/ is its root. Repeatable.",
            valueName: "destination=source"),
        transform: Self.parseFile)
    var directory: [ExtraFile] = []

    @Option(
        help: ArgumentHelp(
            "Read settings from <file> instead of the nearest bootimage.toml.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var config: FilePath?

    /// The options of a build of that kernel.
    func options(for kernel: FilePath, keys: KeyFolder? = nil) -> BuildOptions {
        var content = KernelContent(kernel: kernel)
        (content.ramdisk, content.bootConfiguration) = (ramdisk, bootConfig)
        (content.commandLine, content.modules) = (commandLine, module)
        (content.extraFiles, content.directories) = (file, directory)
        (content.keepsDebugInfo, content.bootProtocol) = (keepDebugInfo, bootProtocol)
        var options = BuildOptions(content: content)
        (options.signKey, options.signCertificate) = (signKey, signCert)
        options.secureBootKeys = keys
        return options
    }

    private static func parseModule(_ argument: String) throws -> KernelContent.Module {
        guard let module = KernelContent.Module(argument: argument) else {
            throw ValidationError("“\(argument)” is not FILE or FILE=STRING")
        }
        return module
    }

    private static func parseFile(_ argument: String) throws -> ExtraFile {
        guard let file = ExtraFile(argument: argument) else {
            throw ValidationError("“\(argument)” is not DESTINATION=SOURCE")
        }
        return file
    }
}
