import ArgumentParser
import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// `bootimage runner`: what a build tool calls with the kernel it has built.
struct RunnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runner",
        abstract: "Boot a kernel as a build tool's runner does.",
        discussion: """
            For a toolset file's "debugger" entry: everything after the kernel goes to QEMU. \
            BOOTIMAGE_FIRMWARE=uefi in the environment chooses the firmware where no option can. \
            A kernel whose name ends in Tests is run as a test: see bootimage config.
            """)

    @Option(help: "Boot on this firmware: bios (the default) or uefi.")
    var firmware: Firmware?

    @Option(
        help: "Take what no option says from this file instead of the bootimage.toml nearest.",
        completion: .file(), transform: FilePath.init(_:))
    var config: FilePath?

    @Argument(help: "The kernel's ELF file.", completion: .file(), transform: FilePath.init(_:))
    var kernel: FilePath

    @Argument(parsing: .captureForPassthrough, help: "Arguments for QEMU.")
    var qemuArguments: [String] = []

    func run() throws {
        let settings = try Settings.load(file: config)
        let options = BuildOptions(content: KernelContent(kernel: kernel))
        let isTest = kernel.stem?.hasSuffix("Tests") ?? false
        let request = RunPlan.Request(
            build: options, firmware: firmware, architecture: settings.architecture(),
            purpose: isTest ? .test : .use, isHeadless: settings.flag(.headless),
            extra: qemuArguments)
        let probed = try building { () throws(BuildError) in try BootFile.probe(kernel) }
        let plan = try RunPlan(probed, request, settings)
        let host = try RunHost.check(plan)
        try plan.write(for: host)
        let limit = isTest ? settings.number(.testTimeout).map { Duration.seconds($0) } : nil
        let status: Int32
        do throws(GuestError) { status = try plan.command(on: host).run(limit: limit) } catch {
            throw Failure(error)
        }
        let verdict = isTest ? settings.testVerdict(of: status) : status
        if verdict != 0 { throw ExitCode(verdict) }
    }
}

extension Settings {
    /// The status that tells of a test: 0 where QEMU ended as success is said to.
    fileprivate func testVerdict(of status: Int32) -> Int32 {
        guard let success = number(.testSuccessExitCode) else { return status }
        if status == success { return 0 }
        return status == 0 ? 1 : status
    }
}
