import ArgumentParser
import BootImageKit
import ELFKit
import HostSystem
import SystemPackage

/// `bootimage inspect`: says what is in a kernel or in an image.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Tell what is in a disk image, or whether a kernel can be loaded.",
        discussion: """
            Of an image it draws what lies where, and prints partitions, boot sector, files, \
            loaders and what the kernel asks for. Of a kernel it prints every rule that it \
            breaks, its segments, and what it asks of the loader. Exit status: 0, or 65 for a \
            kernel that cannot be loaded and for what is neither. For example, `bootimage inspect \
            disk.img --extract EFI/BOOT/BOOTX64.EFI` takes the loader out of an image.
            """)

    @Argument(
        help: "A raw disk image, or a kernel's ELF file.", completion: .file(),
        transform: FilePath.init(_:))
    var file: FilePath

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Also draw the picture of an image into this file, as SVG.", valueName: "file"),
        completion: .file(), transform: FilePath.init(_:))
    var svg: FilePath?

    @Option(
        help: ArgumentHelp(
            "Print nothing of an image, but write one of its files beside it: one of a FAT or "
                + "ISO 9660 volume by its path; kernel, ramdisk or boot.json.", valueName: "path"))
    var extract: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write what is extracted to this file.", valueName: "file"),
        completion: .file(), transform: FilePath.init(_:))
    var output: FilePath?

    func validate() throws {
        if output != nil, extract == nil {
            throw ValidationError("--output needs --extract PATH")
        }
        if extract != nil, json || svg != nil {
            throw ValidationError("--extract goes with neither --json nor --svg")
        }
    }

    func run() throws {
        if let inspection = try ImageInspector.inspect(file) { return try tell(inspection) }
        let kernel = try KernelInspector.inspect(file)
        if svg != nil || extract != nil {
            throw Failure(
                .usage, "\(file): is no disk image; --svg and --extract are for raw images")
        }
        try Console.print(json ? InspectionJSON(kernel).text : InspectionText(kernel).text)
        if !kernel.isLoadable { throw ExitCode(Failure.Status.badInput.rawValue) }
    }

    private func tell(_ image: ImageInspection) throws {
        if let extract {
            let output = try ImageExtractor(image).write(extract, to: output)
            return try Console.print("\(output)")
        }
        if let svg { try image.writeSVG(to: svg) }
        let hasColors = Console.isTerminal && Environment["NO_COLOR"] == nil
        try Console.print(
            json ? ImageJSON(image).text : ImageText(image, hasColors: hasColors).text)
    }
}
