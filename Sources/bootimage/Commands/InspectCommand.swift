import ArgumentParser
import BootImageKit
import ELFKit
import HostSystem
import SystemPackage

/// `bootimage inspect`: shows what is in an image, or checks a kernel.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a disk image, or check whether a kernel can be loaded.",
        discussion: """
            For an image, it draws a map of the disk and prints partitions, boot sector, files, \
            loaders and kernels. For a kernel, it prints every rule that the kernel breaks, its \
            segments and its kernel configuration. Exit status: 0, or 65 for a kernel that cannot \
            be loaded and for a file that is neither. Example: `bootimage inspect disk.img \
            --extract EFI/BOOT/BOOTX64.EFI` extracts the loader from an image.
            """)

    @Argument(
        help: "A raw disk image, or a kernel (ELF file).", completion: .file(),
        transform: FilePath.init(text:))
    var file: FilePath

    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp(
            "Check a kernel by the rules of this boot protocol (default: the first that its file "
                + "asks for).", valueName: "protocol"))
    var bootProtocol: BootProtocol?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Also write the map of an image to <file>, as SVG.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var svg: FilePath?

    @Option(
        help: ArgumentHelp(
            "Extract one of the image's files and print nothing else: a path in a FAT or ISO 9660 "
                + "volume, or kernel, ramdisk or boot.json.", valueName: "path"))
    var extract: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the extracted file to <file> (default: beside the image, under its own name).",
            valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var output: FilePath?

    func validate() throws {
        if output != nil, extract == nil {
            throw ValidationError("--output needs --extract")
        }
        if extract != nil, json || svg != nil {
            throw ValidationError("--extract cannot be combined with --json or --svg")
        }
    }

    func run() throws {
        switch try FileInspection(of: file, as: bootProtocol) {
        case .image(let image):
            if bootProtocol != nil {
                throw Failure(
                    .usage,
                    "\(file): is a disk image, whose boot.json selects the protocol; --protocol "
                        + "needs a kernel")
            }
            if let extract { return try Console.print("\(write(extract, from: image))") }
            if let svg { try image.writeSVG(to: svg) }
            try Console.print(
                json ? JSON.text(image) : image.text(hasColors: Console.hasColors))
        case .kernel(let kernel):
            if svg != nil || extract != nil {
                throw Failure(
                    .usage, "\(file): is not a disk image; --svg and --extract need a raw image")
            }
            try Console.print(json ? JSON.text(kernel) : kernel.text)
            if !kernel.isLoadable { throw ExitCode(Failure.Status.badInput.rawValue) }
        }
    }

    private func write(
        _ path: String, from image: ImageInspection
    ) throws(Failure) -> FilePath {
        do throws(ExtractionError) {
            return try image.extract(path, to: output)
        } catch {
            throw Failure(error, from: file)
        }
    }
}
