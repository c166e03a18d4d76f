import ArgumentParser
import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// `bootimage runner`: boots the kernel that a build tool has built.
struct RunnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runner",
        abstract: "Boot a kernel, as the runner of a build tool.",
        discussion: """
            For a toolset file's "debugger" entry. Everything after the kernel goes to QEMU. Where \
            no option can be passed, BOOTIMAGE_FIRMWARE=uefi in the environment selects the \
            firmware. A kernel whose name ends in Tests runs as a test: see bootimage config.
            """)

    @Option(help: "Boot on bios (default) or uefi.")
    var firmware: Firmware?

    @Option(
        help: ArgumentHelp(
            "Read settings from <file> instead of the nearest bootimage.toml.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var config: FilePath?

    @Flag(inversion: .prefixedNo, help: MachineOptions.directHelp)
    var direct: Bool?

    @Option(help: SerialOutput.help)
    var serial = SerialOutput.text

    @Flag(
        help: "Add no device through which the kernel ends QEMU (isa-debug-exit, semihosting).")
    var noExitDevice = false

    @Argument(help: "Kernel (an ELF file).", completion: .file(), transform: FilePath.init(text:))
    var kernel: FilePath

    @Argument(parsing: .captureForPassthrough, help: "Arguments for QEMU.")
    var qemuArguments: [String] = []

    func run() throws {
        let settings = try Settings.load(file: config)
        let options = BuildOptions(content: KernelContent(kernel: kernel))
        let isTest = GuestSession.isTest(kernel)
        let request = RunPlan.Request(
            build: options, firmware: firmware, architecture: settings.architecture(),
            isTest: isTest, isHeadless: settings.flag(.headless), isDirect: direct,
            observation: .everything,
            addsExitDevices: !noExitDevice, extra: qemuArguments)
        let probed = try BootFile.probe(
            kernel, as: settings.bootProtocol, isDirect: direct ?? settings.flag(.direct))
        let plan = try RunPlan(probed, request, settings)
        let host = try RunHost.check(plan)
        var session = GuestSession(plan: plan, host: host, file: kernel)
        session.serial = serial
        if isTest { session.limit = .seconds(settings.number(.testTimeout) ?? 300) }
        session.allowsReset = isTest && settings.number(.testSuccessExitCode) == 0
        let status = try session.run(plan.prepare(for: host))
        let verdict = isTest ? settings.testVerdict(of: status, session.defaultSuccess) : status
        if verdict != 0 { throw ExitCode(verdict) }
    }
}

extension Settings {
    /// The exit status of a test: 0 if QEMU ended with the status of success.
    ///
    /// The user's own command has no default for that, and its status is passed on.
    fileprivate func testVerdict(of status: Int32, _ defaultSuccess: Int32?) -> Int32 {
        guard let success = number(.testSuccessExitCode).map(Int32.init) ?? defaultSuccess else {
            return status
        }
        if status == success { return 0 }
        return status == 0 ? 1 : status
    }
}
