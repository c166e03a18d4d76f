import ArgumentParser
import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings
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
        var options = content.options(for: file, keys: machine.secureBootKeys)
        (options.sectorSize, options.espFAT) = (sectorSize, espFAT)
        options.content.waitsForDebugger = gdb
        var request = RunPlan.Request(
            build: options, firmware: firmware, machine: machine.request,
            architecture: settings.architecture(for: machine.request),
            isHeadless: headless || settings.flag(.headless), extra: gdbArguments + qemuArguments)
        let isWatched = screenshot != nil || gdb
        if isWatched { request.observation = .control }
        let probed = try building { () throws(BuildError) in try BootFile.probe(file) }
        let plan = try RunPlan(probed, request, settings)
        let host = try RunHost.check(plan)
        let command = plan.command(on: host)
        if dryRun { return try Console.print(command.shellLine) }
        try plan.write(for: host)
        if verbose { Console.note(command.shellLine) }
        let status: Int32
        do throws(GuestError) {
            status = try run(command, isWatched ? tasks(of: plan) : nil)
        } catch {
            throw Failure(error)
        }
        if status != 0 { throw ExitCode(status) }
    }

    private func run(_ command: GuestCommand, _ tasks: RunTasks?) throws(GuestError) -> Int32 {
        let limit = timeout.map { Duration.seconds($0) }
        guard let tasks else { return try command.run(limit: limit) }
        var run = WatchedRun(command, tasks, limit: limit) { event in
            switch event {
            case .debuggerAwaited(let program, let gdb, let lldb):
                Console.note(
                    "the kernel waits for a debugger: \(program) -x \(gdb), or lldb -s \(lldb)")
            case .stderrLine(let line): Console.note(line)
            case .recordFailed(let errno):
                Console.warning("what the guest says cannot be written any more: \(errno)")
            }
        }
        return try run.run()
    }

    private func tasks(of plan: RunPlan) -> RunTasks {
        let moment: RunTasks.Picture.Moment =
            screenshotAt.map { .line($0) } ?? .after(.seconds(screenshotAfter ?? 5))
        return RunTasks(
            picture: screenshot.map { RunTasks.Picture(path: $0, moment: moment) },
            debugger: gdb ? debugger(of: plan) : nil)
    }

    private func debugger(of plan: RunPlan) -> RunTasks.Debugger {
        RunTasks.Debugger(
            kernel: file, program: plan.machine.chipset.architecture.debugger, port: port)
    }

    private var port: UInt16 { gdbPort ?? 1234 }

    private var gdbArguments: [String] { gdb ? ["-gdb", "tcp:127.0.0.1:\(port)"] : [] }
}
