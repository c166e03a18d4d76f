import ArgumentParser
import DiskImage
import SystemPackage

/// `bootimage run`: builds if need be, then boots in QEMU.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Boot a kernel or an image in QEMU.",
        discussion: """
            The kernel's image is written beside it first. The serial line is on the terminal; \
            the exit status is QEMU's. What follows -- goes to QEMU.
            """)

    @Argument(help: "A kernel's ELF file, or a disk image.", transform: FilePath.init(_:))
    var file: FilePath

    @Option(
        help: "Boot on this firmware: bios or uefi. The default is bios, or what the image is for.")
    var firmware: Firmware?

    @Option(
        help: """
            Build the image for a disk with sectors of this many bytes, 512 or 4096, and boot it \
            from one; 4096 with --firmware uefi only.
            """)
    var sectorSize: SectorSize?

    @Option(
        name: .customLong("esp-fat"),
        help: ArgumentHelp(
            "Build the image with an EFI system partition of FAT12, FAT16 or FAT32; with "
                + "--firmware uefi only.", valueName: "bits"))
    var espFAT: FATType?

    @OptionGroup var machine: MachineOptions

    @OptionGroup var content: ContentOptions

    @Flag(help: "Open no window even where there is a display.")
    var headless = false

    @Option(help: ArgumentHelp("End QEMU, with exit status 124, after this many seconds."))
    var timeout: Double?

    @Flag(name: .shortAndLong, help: "Print QEMU's command line first.")
    var verbose = false

    @Flag(help: "Print QEMU's command line, and start nothing.")
    var dryRun = false

    @Argument(parsing: .postTerminator, help: "Arguments for QEMU.")
    var qemuArguments: [String] = []

    func validate() throws {
        guard let timeout, !(timeout > 0 && timeout <= 1_000_000) else { return }
        throw ValidationError("--timeout is \(timeout); it must be more than 0, at most 1000000")
    }

    func run() throws {
        let settings = try Settings.load(file: content.config)
        let options = BuildOptions(
            content: content.with(file), firmware: firmware.map { [$0] } ?? [],
            sectorSize: sectorSize, espFAT: espFAT)
        let guest = try Guest(options, settings)
        let command = try GuestCommand.locate(
            image: guest.prepareImage(), of: guest, on: machine.request,
            headless: headless || settings.flag(.headless), settings, extra: qemuArguments)
        if dryRun { return try Console.print(command.shellLine) }
        if verbose { Console.note(command.shellLine) }
        let status = try QEMU.run(command, limit: timeout.map { .seconds($0) })
        if status != 0 { throw ExitCode(status) }
    }
}
