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

    @Argument(
        help: "A kernel's ELF file, or a disk image.", completion: .file(),
        transform: FilePath.init(_:))
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

    @Option(
        help: "Write a picture of the screen to this PNG file while the guest runs.",
        completion: .file(), transform: FilePath.init(_:))
    var screenshot: FilePath?

    @Option(help: "Take it this many seconds after the machine's start; the default is 5.")
    var screenshotAfter: Double?

    @Option(help: "Take it when a line on the serial line has this text in it.")
    var screenshotAt: String?

    @Flag(
        help: """
            Let the loader wait for a debugger before it starts the kernel, and write scripts for \
            gdb and lldb beside the image.
            """)
    var gdb = false

    @Option(help: "Let QEMU wait for the debugger on this TCP port; the default is 1234.")
    var gdbPort: UInt16?

    @Flag(name: .shortAndLong, help: "Print QEMU's command line first.")
    var verbose = false

    @Flag(help: "Print QEMU's command line, and start nothing.")
    var dryRun = false

    @Argument(parsing: .postTerminator, help: "Arguments for QEMU.")
    var qemuArguments: [String] = []

    func validate() throws {
        try Self.check(timeout, "--timeout")
        try Self.check(screenshotAfter, "--screenshot-after")
        if screenshotAfter != nil, screenshotAt != nil {
            throw ValidationError("give --screenshot-after or --screenshot-at, not both")
        }
        if screenshot == nil, screenshotAfter != nil || screenshotAt != nil {
            throw ValidationError("give --screenshot FILE, too: where the picture goes")
        }
        if gdbPort != nil, !gdb { throw ValidationError("--gdb-port is for --gdb") }
    }

    private static func check(_ seconds: Double?, _ option: String) throws {
        guard let seconds, !(seconds > 0 && seconds <= 1_000_000) else { return }
        throw ValidationError("\(option) is \(seconds); it must be more than 0, at most 1000000")
    }

    func run() throws {
        let settings = try Settings.load(file: content.config)
        var options = BuildOptions(
            content: content.with(file), sectorSize: sectorSize, espFAT: espFAT,
            signKey: content.signKey, signCertificate: content.signCert,
            secureBootKeys: machine.secureBootKeys)
        options.content.waitsForDebugger = gdb
        let guest = try Guest(
            options, on: firmware, of: settings.architecture(for: machine.request), settings)
        let tasks = tasks(of: guest)
        let command = try GuestCommand.locate(
            image: guest.prepareImage(), of: guest, on: machine.request,
            headless: headless || settings.flag(.headless),
            observation: tasks.isEmpty ? .none : .control, settings,
            extra: gdbArguments + qemuArguments)
        if dryRun { return try Console.print(command.shellLine) }
        if verbose { Console.note(command.shellLine) }
        let status = try run(command, tasks)
        if status != 0 { throw ExitCode(status) }
    }

    private func run(_ command: GuestCommand, _ tasks: RunTasks) throws(Failure) -> Int32 {
        let limit = timeout.map { Duration.seconds($0) }
        if tasks.isEmpty { return try QEMU.run(command, limit: limit) }
        var run = WatchedRun(command, tasks, limit: limit)
        return try run.run()
    }

    private func tasks(of guest: Guest) -> RunTasks {
        let moment: RunTasks.Picture.Moment =
            screenshotAt.map { .line($0) } ?? .after(.seconds(screenshotAfter ?? 5))
        return RunTasks(
            picture: screenshot.map { RunTasks.Picture(path: $0, moment: moment) },
            debugger: gdb ? debugger(of: guest) : nil)
    }

    private func debugger(of guest: Guest) -> RunTasks.Debugger {
        RunTasks.Debugger(
            kernel: file, program: guest.architectures[0].debugger, port: port)
    }

    private var port: UInt16 { gdbPort ?? 1234 }

    private var gdbArguments: [String] { gdb ? ["-gdb", "tcp:127.0.0.1:\(port)"] : [] }
}
