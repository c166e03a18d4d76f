import ArgumentParser
import SystemPackage

/// `bootimage runner`: what a build tool calls with the kernel it has built.
struct RunnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runner",
        abstract: "Boot a kernel as a build tool's runner does.",
        discussion: """
            For a toolset file's "debugger" entry: everything after the kernel goes to QEMU. \
            BOOTIMAGE_FIRMWARE=uefi in the environment chooses the firmware where no option can.
            """)

    @Option(help: "Boot on this firmware: bios (the default) or uefi.")
    var firmware: Firmware?

    @Argument(help: "The kernel's ELF file.", transform: FilePath.init(_:))
    var kernel: FilePath

    @Argument(parsing: .captureForPassthrough, help: "Arguments for QEMU.")
    var qemuArguments: [String] = []

    func run() throws {
        let guest = try Guest(
            KernelContent(kernel: kernel), firmware: try firmware ?? Environment.firmware())
        let image = try guest.prepareImage()
        let invocation = try QEMUInvocation.locate(
            image: image, firmware: guest.firmware, sectorSize: guest.sectorSize, headless: false,
            extra: qemuArguments)
        let status = try QEMU.run(invocation)
        if status != 0 { throw ExitCode(status) }
    }
}
