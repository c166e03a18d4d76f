import ArgumentParser
import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// `bootimage run`: boots an image in QEMU; builds that of a kernel first.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Boot a kernel or an image in QEMU.",
        discussion: """
            A kernel's image is written beside it first. The serial line is on the terminal, and \
            the exit status is QEMU's. Arguments after -- go to QEMU.
            """)

    @Argument(
        help: ArgumentHelp(
            "Kernel (an ELF file) or disk image (default: the kernel in bootimage.toml, which is "
                + "built first).", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var file: FilePath?

    @Option(
        help: "Boot on bios or uefi (default: what the image is for, else bios).")
    var firmware: Firmware?

    @Option(
        help: ArgumentHelp(
            "Build the image for a disk with sectors of 512 or 4096 bytes and boot it from one; "
                + "4096 needs --firmware uefi.", valueName: "bytes"))
    var sectorSize: SectorSize?

    @Option(
        name: .customLong("esp-fat"),
        help: ArgumentHelp(
            "Format the image's EFI system partition as FAT12, FAT16 or FAT32; needs "
                + "--firmware uefi.", valueName: "bits"))
    var espFAT: FATType?

    @OptionGroup(title: "Machine") var machine: MachineOptions

    @OptionGroup(title: "Content") var content: ContentOptions

    @Option(help: SerialOutput.help)
    var serial = SerialOutput.text

    @Flag(
        help: "Add no device through which the kernel ends QEMU (isa-debug-exit, semihosting).")
    var noExitDevice = false

    @Flag(help: "Never open a window.")
    var headless = false

    @Option(
        help: ArgumentHelp(
            "Stop QEMU after <seconds>, with exit status 124.", valueName: "seconds"))
    var timeout: Double?

    @Option(
        help: ArgumentHelp(
            "Save a screenshot to this PNG file; at the guest's end if that comes first.",
            valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var screenshot: FilePath?

    @Option(
        help: ArgumentHelp(
            "Take the screenshot <seconds> after the start (default 5).", valueName: "seconds"))
    var screenshotAfter: Double?

    @Option(
        help: ArgumentHelp(
            "Take the screenshot when a serial line contains <text>.", valueName: "text"))
    var screenshotAt: String?

    @Flag(
        help: """
            Wait for a debugger before the kernel starts, and write scripts for gdb and lldb \
            beside the image.
            """)
    var gdb = false

    @Option(
        help: ArgumentHelp("TCP port for the debugger (default 1234).", valueName: "port"))
    var gdbPort: UInt16?

    @Flag(name: .shortAndLong, help: "Print QEMU's command line first.")
    var verbose = false

    @Flag(help: "Print QEMU's command line; write and start nothing.")
    var dryRun = false

    @Argument(parsing: .postTerminator, help: "Arguments for QEMU.")
    var qemuArguments: [String] = []

    func validate() throws {
        try Self.check(timeout, "--timeout")
        try Self.check(screenshotAfter, "--screenshot-after")
        if firmware != nil, machine.board != nil {
            throw ValidationError("use either --firmware or --board")
        }
        if gdb, machine.board != nil {
            throw ValidationError(
                "--gdb needs a loader, and a board starts the kernel without one; use -- -s -S")
        }
        if screenshotAfter != nil, screenshotAt != nil {
            throw ValidationError("use either --screenshot-after or --screenshot-at")
        }
        if screenshot == nil, screenshotAfter != nil || screenshotAt != nil {
            throw ValidationError("--screenshot-after and --screenshot-at need --screenshot FILE")
        }
        if gdbPort == 0 { throw ValidationError("--gdb-port 0: must be 1 to 65535") }
        if gdbPort != nil, !gdb { throw ValidationError("--gdb-port needs --gdb") }
    }

    private static func check(_ seconds: Double?, _ option: String) throws {
        guard let seconds, !(seconds > 0 && seconds <= 1_000_000) else { return }
        throw ValidationError(
            "\(option) \(seconds): must be greater than 0 and at most 1000000")
    }

    func run() throws {
        let settings = try Settings.load(file: content.config)
        let file = try file ?? KernelBuilder.run(settings)
        var options = content.options(for: file, keys: machine.secureBootKeys)
        options.board = machine.board
        (options.sectorSize, options.espFAT) = (sectorSize, espFAT)
        options.content.waitsForDebugger = gdb
        let probed = try BootFile.probe(
            file, as: content.bootProtocol ?? settings.bootProtocol,
            isDirect: machine.isDirect(settings))
        let request = RunPlan.Request(
            build: options, firmware: firmware, machine: machine.request,
            architecture: settings.architecture(for: machine.request),
            isHeadless: headless || settings.flag(.headless), isDirect: machine.direct,
            observation: gdb ? .control : .everything, addsExitDevices: !noExitDevice,
            extra: gdbArguments + qemuArguments)
        let plan = try RunPlan(probed, request, settings)
        let host = try RunHost.check(plan)
        // What a shell can run: only an observer has the descriptors.
        var shown = plan
        shown.observation = .none
        if dryRun { return try Console.print(shown.command(on: host).shellLine) }
        var session = GuestSession(plan: plan, host: host, file: file)
        session.picture = try screenshot.map { (try TestOutput.prepare($0), moment) }
        // lldb finds a module by its absolute path only.
        if gdb {
            let kernel = FilePath.currentFolder.pushing(file)
            let symbols = plan.direct?.hasSymbols == false ? nil : kernel
            session.debugger = (symbols, port, plan.direct?.start ?? .loader)
        }
        (session.limit, session.serial) = (timeout.map { .seconds($0) }, serial)
        let guest = try plan.prepare(for: host)
        if verbose { Console.note(shown.command(on: host).shellLine) }
        let status = try session.run(guest)
        let isPassedTest = GuestSession.isTest(file) && status == session.defaultSuccess
        if status != 0, !isPassedTest { throw ExitCode(status) }
    }

    private var moment: WatchedRun.Moment {
        screenshotAt.map { .line($0) } ?? .after(.seconds(screenshotAfter ?? 5))
    }

    private var port: UInt16 { gdbPort ?? 1234 }

    private var gdbArguments: [String] { gdb ? ["-gdb", "tcp:127.0.0.1:\(port)"] : [] }
}
