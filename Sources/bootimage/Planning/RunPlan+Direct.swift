import BootImageKit
import ELFKit
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// Kernels that QEMU starts itself: what it would ignore, refuse or hang on is refused first.
extension RunPlan {
    /// A kernel that QEMU starts itself.
    struct Direct: Equatable, Sendable {
        let boot: DirectBoot
        let start: WatchedRun.Start
        /// Whether its file may have symbols.
        let hasSymbols: Bool
    }

    /// Refuses options for images and disks.
    static func refuseImageOptions(
        _ request: Request, _ settings: Settings
    ) throws(Failure) {
        let (options, content) = (request.build, request.build.content)
        let given = [
            (request.firmware != nil, "--firmware"),
            (options.secureBootKeys != nil, "--secure-boot"),
            (options.board != nil, "--board"), (request.machine.disk != nil, "--disk"),
            (request.machine.keepsWrites, "--no-snapshot"),
            (content.bootConfiguration != nil, "--boot-config"),
            (!content.extraFiles.isEmpty, "--file"),
            (!content.directories.isEmpty, "--directory"),
            (content.keepsDebugInfo, "--keep-debug-info"),
            (content.bootProtocol != nil, "--protocol"),
            (options.signKey != nil, "--sign-key"),
            (options.signCertificate != nil, "--sign-cert"),
            (options.sectorSize != nil, "--sector-size"),
            (options.espFAT != nil, "--esp-fat"),
            (settings.words(.runCommand) != nil, "run-command"),
        ]
        if let option = given.first(where: { $0.0 })?.1 {
            throw Failure(
                .usage,
                "\(option) cannot be combined with --direct: QEMU starts \(content.kernel) itself, "
                    + "without image and loader; omit one (--no-direct overrides direct = true)")
        }
    }

    /// Refuses any file as a flat kernel, unless the user has chosen a machine that starts one, or
    /// the settings its protocol.
    static func checkHeader(
        of kernel: DirectKernel, _ machine: MachineRequest, _ settings: Settings, at path: FilePath
    ) throws(Failure) {
        let isChosen = machine.chipset == .virt || settings.bootProtocol == .arm64Image
        guard kernel.form == .flat, !isChosen else { return }
        throw Failure(
            .badInput,
            "\(path): not a kernel that QEMU starts itself, which is an ELF file, Linux's bzImage "
                + "or an arm64 Image; if it is a flat kernel for AArch64, add --machine virt")
    }

    /// The kernel in that machine, if QEMU starts it itself; `-m` in `extra` may add memory.
    static func direct(
        _ file: BootFile, on machine: Machine, _ options: BuildOptions, _ extra: [String]
    ) throws(Failure) -> Direct? {
        guard case .direct(let kernel) = file else { return nil }
        try check(kernel, on: machine, options.content.kernel, hasMemory: extra.contains("-m"))
        let base = kernel.isRelative ? machine.chipset.memoryStart : 0
        return Direct(
            boot: try boot(kernel, options.content),
            start: .qemu(entry: kernel.entry + base, isFirst: kernel.form == .elf),
            hasSymbols: kernel.isELF)
    }

    /// Checks that the kernel lies in the machine's memory, of which there may be more.
    private static func check(
        _ kernel: DirectKernel, on machine: Machine, _ path: FilePath, hasMemory: Bool
    ) throws(Failure) {
        let chipset = machine.chipset
        let base = kernel.isRelative ? chipset.memoryStart : 0
        // Both kinds of PC have at least so much below the addresses of devices.
        let limit: UInt64 = chipset == .virt ? 1 << 40 : 2 << 30
        let byteCount = hasMemory ? limit : min(machine.memory.byteCount, limit)
        let free = chipset.memoryStart..<chipset.memoryStart + byteCount
        for memory in kernel.memory {
            let range = memory.lowerBound &+ base..<memory.upperBound.addingClamped(base)
            let isInROM = chipset != .virt && range.overlaps(0xA_0000..<0x10_0000)
            if free.contains(range), !isInROM { continue }
            let reason =
                isInROM
                ? "which has devices and ROM at 0xa0000–0xfffff" : "whose memory is \(free.text)"
            throw Failure(
                .badInput,
                "\(path): is loaded at \(range.text) on \(chipset), \(reason); link it to other "
                    + "addresses, give it more --memory, or omit --direct")
        }
    }

    /// What QEMU passes to the kernel; refuses what it would ignore.
    private static func boot(
        _ kernel: DirectKernel, _ content: KernelContent
    ) throws(Failure) -> DirectBoot {
        let path = content.kernel
        if kernel.losesDeviceTree, content.commandLine != nil {
            throw Failure(
                .usage,
                "--command-line: QEMU passes it in a device tree of 1 MiB at 0x40000000, where "
                    + "\(path) lies; link it at 0x40100000 or higher, or use the flat file that "
                    + "llvm-objcopy -O binary makes of it")
        }
        let modules = content.modules.map { DirectBoot.Module(path: $0.path, string: $0.string) }
        if kernel.form == .multiboot {
            let ramdisk = content.ramdisk.map { DirectBoot.Module(path: $0, string: "") }
            let all = (ramdisk.map { [$0] } ?? []) + modules
            if let module = all.first(where: { $0.path.text.contains(" ") }) {
                throw Failure(
                    .usage,
                    "\(module.path): QEMU ends a module's path at a space; use another name")
            }
            return DirectBoot(commandLine: content.commandLine, modules: all)
        }
        if let module = modules.first {
            throw Failure(
                .usage,
                "--module \(module.path): QEMU passes modules to Multiboot kernels only, and "
                    + "\(path) is none; omit it, or --direct")
        }
        if kernel.form == .elf, content.ramdisk != nil {
            throw Failure(
                .usage,
                "--ramdisk: QEMU passes none to an ELF file for AArch64, which \(path) is; use the "
                    + "flat file that llvm-objcopy -O binary makes of it")
        }
        return DirectBoot(commandLine: content.commandLine, ramdisk: content.ramdisk)
    }
}

extension DirectKernel {
    /// Whether an ELF file for AArch64 leaves no room below for QEMU's device tree, or lies on it.
    fileprivate var losesDeviceTree: Bool {
        form == .elf && memory.contains { (0x4000_0000..<0x4010_0000).overlaps($0) }
    }
}

extension Range<UInt64> {
    /// The first and the last address.
    fileprivate var text: String { "\(Number.hex(lowerBound))–\(Number.hex(upperBound - 1))" }
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, hasOverflowed) = addingReportingOverflow(other)
        return hasOverflowed ? .max : sum
    }
}
