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
    let starter: Starter
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
        let board =
            request.build.board ?? (request.firmware == nil ? file.board(settings.board) : nil)
        let architectures: [Architecture]
        let sectorSize: SectorSize
        var wanted = settings.filling(request.machine)
        switch file {
        case .image(let facts):
            try Self.refuseBuildOptions(request)
            architectures = facts.architectures
                .sorted { first, _ in first == request.architecture }
            starter = try Self.starter(of: facts, on: board, request, architectures[0])
            (sectorSize, format, image, build) = (facts.sectorSize, facts.format, path, nil)
            isDevice = facts.isDevice
        case .kernel(let architecture):
            var options = request.build
            options.content.architecture = architecture
            architectures = [architecture]
            let kind = settings.imageKind
            let firmware = request.firmware ?? Self.firmware(for: kind, options, on: architecture)
            if let board {
                // QEMU needs no files of the vendor's.
                options.board = board
                options.omitsFirmware = settings.path(.firmwareDirectory) == nil
                starter = .board(board)
            } else {
                options.kinds = [kind == .hybrid ? .hybrid : ImageKind(firmware)]
                starter = .firmware(firmware)
                try Self.checkFirmware(firmware, request.build, on: architecture)
            }
            options = settings.filling(options)
            sectorSize = options.sectorSize ?? .bytes512
            let plan = try BuildPlan(options)
            (format, image, build, isDevice) = (.raw, plan.outputs[0].path, plan, false)
        case .direct(let kernel):
            try Self.refuseImageOptions(request, settings)
            try Self.checkHeader(of: kernel, wanted, settings, at: path)
            architectures = [kernel.architecture]
            (starter, sectorSize, wanted.disk) = (.direct, .bytes512, nil)
            (format, image, build, isDevice) = (.raw, path, nil, false)
        }
        if let firmware = starter.firmware {
            try Self.checkFirmware(firmware, request.build, on: architectures[0])
        }
        secureBootKeys = request.build.secureBootKeys
        wanted.enforcesSecureBoot = secureBootKeys != nil
        if case .board(let board) = starter { try Self.select(board, in: &wanted) }
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

    /// What starts the kernel of an image: a card's is started by QEMU.
    private static func starter(
        of image: BootFile.Image, on board: Board?, _ request: Request,
        _ architecture: Architecture
    ) throws(Failure) -> Starter {
        let path = request.build.content.kernel
        if let board {
            guard image.isCard else {
                throw Failure(
                    .usage,
                    "--board \(board.rawValue): \(path) is no card for a board; write one with "
                        + "bootimage build --board \(board.rawValue)")
            }
            guard image.format == .raw else {
                throw Failure(
                    .usage,
                    "--board \(board.rawValue) needs a raw image, and \(path) is a container")
            }
            return .board(board)
        }
        return .firmware(
            request.firmware ?? firmware(for: image.kind, request.build, on: architecture))
    }

    /// Selects the machine of a board, unless other choices contradict it.
    private static func select(
        _ board: Board, in machine: inout MachineRequest
    ) throws(Failure) {
        let conflicts = [
            (machine.chipset != nil, "--machine"), (machine.disk != nil, "--disk"),
            (machine.enforcesSecureBoot, "--secure-boot"),
        ]
        if let option = conflicts.first(where: { $0.0 })?.1 {
            throw Failure(
                .usage,
                "\(option) cannot be combined with --board \(board.rawValue), which has its own "
                    + "hardware; omit it")
        }
        switch board {
        case .raspi3: machine.chipset = .raspi3b
        case .raspi4: machine.chipset = .raspi4b
        case .raspi5:
            throw Failure(
                .usage,
                "--board raspi5: QEMU does not emulate it; write a card with bootimage build, or "
                    + "use --board raspi3")
        }
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

    /// The kernel of a card, which QEMU starts: a file beside the card.
    var boardKernel: FilePath {
        image.removingLastComponent().appending(text: "\(image.stemText).kernel8.img")
    }

    /// The variables of UEFI firmware with the keys enrolled: a file beside the image.
    var variables: FilePath {
        image.removingLastComponent().appending(text: "\(image.stemText).secure-boot.fd")
    }
}
