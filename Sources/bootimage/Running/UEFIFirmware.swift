import FoundationEssentials
import SystemPackage

/// A build of UEFI firmware for QEMU: its code, and what its variables start as.
struct UEFIFirmware: Equatable, Sendable {
    var code: FilePath
    var variables: FilePath

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
    static func search(
        _ kind: Kind = .plain, for chipset: MachineShape.Chipset
    ) -> (firmware: UEFIFirmware, descriptor: FilePath)? {
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
            if let firmware = descriptor.firmware(kind, for: chipset) { return (firmware, file) }
        }
        return nil
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

    /// The files, if this is UEFI of that kind in flash for that machine, without keys.
    func firmware(
        _ kind: UEFIFirmware.Kind = .plain, for chipset: MachineShape.Chipset
    ) -> UEFIFirmware? {
        let architecture = chipset.architecture.platform.firmwareArchitecture
        let fits = targets.contains {
            $0.architecture == architecture
                && $0.machines.contains { $0.hasPrefix(chipset.firmwarePrefix) }
        }
        guard interfaceTypes.contains("uefi"), mapping.device == "flash", fits,
            features.contains("requires-smm") == (kind == .secureBoot),
            features.contains("secure-boot") == (kind == .secureBoot),
            !features.contains("enrolled-keys"),
            let code = mapping.executable, code.format == "raw",
            let variables = mapping.nvramTemplate, variables.format == "raw"
        else { return nil }
        return UEFIFirmware(
            code: FilePath(code.filename), variables: FilePath(variables.filename))
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
