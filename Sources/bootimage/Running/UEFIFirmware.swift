import FoundationEssentials
import SystemPackage

/// A build of UEFI firmware for QEMU: its code, and what its variables start as.
struct UEFIFirmware: Equatable, Sendable {
    var code: FilePath
    var variables: FilePath
    /// Whether the variables have somebody's keys among them.
    var hasKeys = false

    /// What firmware is for.
    enum Kind {
        /// It starts every program.
        case plain
        /// It starts what is signed, as soon as there are keys.
        case secureBoot
    }

    /// Finds firmware for a machine; refuses if there is none.
    static func find(
        _ kind: Kind = .plain, for chipset: MachineShape.Chipset = .q35
    ) throws(Failure) -> UEFIFirmware {
        if let (firmware, _) = search(kind, for: chipset) { return firmware }
        let places = descriptorFolders.map(\.string).joined(separator: ", ")
        throw Failure(
            .missingTool,
            "no UEFI firmware for QEMU \(kind == .plain ? "" : "with Secure Boot ")is described "
                + "in \(places); install it: apt install "
                + chipset.architecture.platform.firmwarePackage)
    }

    /// Looks through the descriptors that distributions install (QEMU's
    /// docs/interop/firmware.json); the first in file-name order that fits.
    ///
    /// For Secure Boot, one without keys is better than one with, and one whose files are there
    /// better than both: Debian 12 has for AArch64 one without keys whose code it does not have.
    static func search(
        _ kind: Kind = .plain, for chipset: MachineShape.Chipset
    ) -> (firmware: UEFIFirmware, descriptor: FilePath)? {
        let offers = offers(kind, for: chipset)
        guard kind == .secureBoot else { return offers.first }
        return offers.first { !$0.firmware.hasKeys && $0.firmware.isHere }
            ?? offers.first { $0.firmware.isHere } ?? offers.first
    }

    /// Whether both files are on this machine.
    private var isHere: Bool {
        [code, variables].allSatisfy { FileManager.default.fileExists(atPath: $0.string) }
    }

    private static func offers(
        _ kind: Kind, for chipset: MachineShape.Chipset
    ) -> [(firmware: UEFIFirmware, descriptor: FilePath)] {
        var offers: [(UEFIFirmware, FilePath)] = []
        for file in descriptorFiles(in: descriptorFolders) {
            // An empty file is there to hide another of its name.
            guard let contents = FileManager.default.contents(atPath: file.string),
                !contents.isEmpty
            else { continue }
            let descriptor: FirmwareDescriptor
            do {
                descriptor = try JSONDecoder().decode(FirmwareDescriptor.self, from: contents)
            } catch {
                Console.warning("\(file): not a firmware descriptor; skipped")
                continue
            }
            if let firmware = descriptor.firmware(kind, for: chipset) {
                offers.append((firmware, file))
            }
        }
        return offers
    }

    /// The folders of descriptors, the user's before the machine's before the distribution's.
    static var descriptorFolders: [FilePath] {
        var folders: [FilePath] = []
        if let configuration = Environment["XDG_CONFIG_HOME"], !configuration.isEmpty {
            folders.append(FilePath(configuration).appending("qemu/firmware"))
        } else if let home = Environment["HOME"] {
            folders.append(FilePath(home).appending(".config/qemu/firmware"))
        }
        return folders + ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]
    }

    /// Descriptors in order of their file names; one hides those of its name in later folders.
    private static func descriptorFiles(in folders: [FilePath]) -> [FilePath] {
        var files: [String: FilePath] = [:]
        for folder in folders.reversed() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
            for name in names where name.hasSuffix(".json") {
                files[name] = folder.appending(name)
            }
        }
        return files.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// The part of a firmware descriptor that decides whether a UEFI boot can use it.
struct FirmwareDescriptor: Decodable {
    struct Mapping: Decodable {
        struct File: Decodable {
            var filename: String
            var format: String
        }

        enum CodingKeys: String, CodingKey {
            case device, executable
            case nvramTemplate = "nvram-template"
        }

        var device: String
        var executable: File?
        var nvramTemplate: File?
    }

    struct Target: Decodable {
        var architecture: String
        var machines: [String]
    }

    enum CodingKeys: String, CodingKey {
        case mapping, targets, features
        case interfaceTypes = "interface-types"
    }

    var interfaceTypes: [String]
    var mapping: Mapping
    var targets: [Target]
    var features: [String]

    /// The files, if this is UEFI of that kind in flash for that machine.
    func firmware(
        _ kind: UEFIFirmware.Kind = .plain, for chipset: MachineShape.Chipset
    ) -> UEFIFirmware? {
        let architecture = chipset.architecture.platform.firmwareArchitecture
        let hasKeys = features.contains("enrolled-keys")
        let fits = targets.contains {
            $0.architecture == architecture
                && $0.machines.contains { $0.hasPrefix(chipset.firmwarePrefix) }
        }
        guard interfaceTypes.contains("uefi"), mapping.device == "flash", fits,
            features.contains("requires-smm") == (kind == .secureBoot && chipset.guardsKeys),
            features.contains("secure-boot") == (kind == .secureBoot),
            kind == .secureBoot || !hasKeys,
            let code = mapping.executable, code.format == "raw",
            let variables = mapping.nvramTemplate, variables.format == "raw"
        else { return nil }
        return UEFIFirmware(
            code: FilePath(code.filename), variables: FilePath(variables.filename),
            hasKeys: hasKeys)
    }
}

extension MachineShape.Chipset {
    /// What the versions of the machine begin with.
    fileprivate var firmwarePrefix: String {
        switch self {
        case .q35: "pc-q35-"
        case .pc: "pc-i440fx-"
        case .virt: "virt-"
        }
    }
}
