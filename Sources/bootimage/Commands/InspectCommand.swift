import ArgumentParser
import ELFKit
import SystemPackage

/// `bootimage inspect`: says whether a kernel can be loaded, and what is in it.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Tell whether a kernel can be loaded, and what is in it.",
        discussion: """
            Prints every rule that the kernel breaks, its segments, and what it asks of the \
            loader. Exit status: 0 if it can be loaded, 65 if not.
            """)

    @Argument(help: "The kernel's ELF file.", completion: .file(), transform: FilePath.init(_:))
    var file: FilePath

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let inspection = try KernelInspector.inspect(file)
        let report = json ? InspectionJSON(inspection).text : InspectionText(inspection).text
        try Console.print(report)
        if !inspection.isLoadable { throw ExitCode(Failure.Status.badInput.rawValue) }
    }
}
