import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// What is booted, and on what machine: a pure value.
struct RunPlan: Equatable, Sendable {
    struct Request: Equatable, Sendable {
        var build: BuildOptions
        var firmware: Firmware?
        var machine = MachineRequest()
        /// The architecture of the machine, where the image starts on several.
        var architecture: Architecture?
        /// Whether the guest is tested; it selects the arguments from `bootimage.toml`.
        var isTest = false
        var isHeadless = false
        /// Whether an option asks QEMU to start a kernel itself; nil leaves that to the settings.
        var isDirect: Bool?
        var observation = QEMUInvocation.Observation.none
        /// Whether the guest can end QEMU.
        var addsExitDevices = false
        var extra: [String] = []
    }

    /// How the image is made; nil if it exists.
    let build: BuildPlan?
    let image: FilePath
    let format: ContainerFormat
    let isDevice: Bool
    /// nil for a kernel that QEMU starts itself.
    let firmware: Firmware?
    let machine: Machine
    let secureBootKeys: KeyFolder?
    /// The user's command instead of QEMU, with `{}` for the image.
    let userCommand: [String]?
    /// The kernel, if QEMU starts it itself.
    let direct: Direct?
    let isHeadless: Bool
    var observation: QEMUInvocation.Observation
    let addsExitDevices: Bool
    let extra: [String]

    /// Infers everything that the request leaves open.
    init(_ file: BootFile, _ request: Request, _ settings: Settings) throws {
        let path = request.build.content.kernel
        let architectures: [Architecture]
        let sectorSize: SectorSize
        var wanted = settings.filling(request.machine)
        switch file {
        case .image(let facts):
            try Self.refuseBuildOptions(request)
            architectures = facts.architectures
                .sorted { first, _ in first == request.architecture }
            firmware =
                request.firmware
                ?? Self.firmware(for: facts.kind, request.build, on: architectures[0])
            (sectorSize, format, image, build) = (facts.sectorSize, facts.format, path, nil)
            isDevice = facts.isDevice
        case .kernel(let architecture):
            var options = request.build
            options.content.architecture = architecture
            architectures = [architecture]
            let kind = settings.imageKind
            let chosen = request.firmware ?? Self.firmware(for: kind, options, on: architecture)
            options.kinds = [kind == .hybrid ? .hybrid : ImageKind(chosen)]
            options = settings.filling(options)
            (firmware, sectorSize) = (chosen, options.sectorSize ?? .bytes512)
            try Self.checkFirmware(chosen, request.build, on: architecture)
            let plan = try BuildPlan(options)
            (format, image, build, isDevice) = (.raw, plan.outputs[0].path, plan, false)
        case .direct(let kernel):
            try Self.refuseImageOptions(request, settings)
            try Self.checkHeader(of: kernel, wanted, settings, at: path)
            architectures = [kernel.architecture]
            (firmware, sectorSize, wanted.disk) = (nil, .bytes512, nil)
            (format, image, build, isDevice) = (.raw, path, nil, false)
        }
        if let firmware {
            try Self.checkFirmware(firmware, request.build, on: architectures[0])
        }
        secureBootKeys = request.build.secureBootKeys
        wanted.enforcesSecureBoot = secureBootKeys != nil
        machine = try Machine(wanted, sectorSize: sectorSize, for: architectures)
        if machine.disk == .cdrom, build != nil {
            throw Failure(
                .usage,
                "--disk cdrom needs a disc, and \(path) becomes a disk; write one with bootimage "
                    + "build --format iso and run that")
        }
        userCommand = settings.words(.runCommand)
        if userCommand != nil, secureBootKeys != nil {
            throw Failure(.usage, "--secure-boot cannot be combined with run-command")
        }
        if let userCommand, !userCommand.contains(where: { $0.contains("{}") }) {
            throw Failure(.badInput, "run-command: has no {}; put {} where the image's path goes")
        }
        (isHeadless, addsExitDevices) = (request.isHeadless, request.addsExitDevices)
        extra = Self.arguments(settings, isTest: request.isTest) + request.extra
        direct = try Self.direct(file, on: machine, settings.filling(request.build), extra)
        // The observer would start a machine that the user wants to be stopped at first.
        observation = extra.contains("-S") ? .none : request.observation
    }

    private static func checkFirmware(
        _ firmware: Firmware, _ options: BuildOptions, on architecture: Architecture
    ) throws(Failure) {
        let path = options.content.kernel
        if options.secureBootKeys != nil, firmware != .uefi {
            throw Failure(
                .usage,
                "--secure-boot needs UEFI, but \(path) boots on BIOS; use --firmware uefi or an "
                    + "image for UEFI")
        }
        guard architecture.firmwares.contains(firmware) else {
            throw Failure(
                .usage,
                "--firmware \(firmware): \(path) targets \(architecture.name), which has none; "
                    + "use --firmware \(architecture.firmwares[0])")
        }
    }

    /// The firmware of an image, or of a kernel whose image kind is open.
    private static func firmware(
        for kind: ImageKind?, _ options: BuildOptions, on architecture: Architecture
    ) -> Firmware {
        if options.secureBootKeys != nil && kind?.hasESP ?? true { return .uefi }
        guard let kind else { return architecture.firmwares[0] }
        return kind.firmwares.first { architecture.firmwares.contains($0) } ?? kind.firmwares[0]
    }

    private static func refuseBuildOptions(_ request: Request) throws(Failure) {
        let (options, content) = (request.build, request.build.content)
        if request.isDirect == true {
            throw Failure(
                .usage,
                "--direct starts a kernel without an image, and \(content.kernel) is an image; "
                    + "omit it")
        }
        let given = [
            (content.ramdisk != nil, "--ramdisk"),
            (content.bootConfiguration != nil, "--boot-config"),
            (content.commandLine != nil, "--command-line"),
            (!content.modules.isEmpty, "--module"),
            (!content.extraFiles.isEmpty, "--file"),
            (!content.directories.isEmpty, "--directory"),
            (content.keepsDebugInfo, "--keep-debug-info"),
            (content.bootProtocol != nil, "--protocol"),
            (content.waitsForDebugger, "--gdb"),
            (options.signKey != nil, "--sign-key"),
            (options.signCertificate != nil, "--sign-cert"),
            (options.sectorSize != nil, "--sector-size"),
            (options.espFAT != nil, "--esp-fat"),
        ]
        if let option = given.first(where: { $0.0 })?.1 {
            throw Failure(
                .usage,
                "\(option) applies when an image is built, and \(content.kernel) is an image "
                    + "already")
        }
    }

    private static func arguments(_ settings: Settings, isTest: Bool) -> [String] {
        if !isTest { return settings.words(.runArgs) ?? [] }
        let noReboot = settings.flag(.testNoReboot) ? ["-no-reboot"] : []
        return noReboot + (settings.words(.testArgs) ?? [])
    }

    /// The variables of UEFI firmware with the keys enrolled: a file beside the image.
    var variables: FilePath {
        image.removingLastComponent().appending(text: "\(image.stemText).secure-boot.fd")
    }
}
