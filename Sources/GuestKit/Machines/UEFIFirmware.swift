public import SystemPackage

import ELFKit
import FoundationEssentials
import HostSystem
import Libc

/// A build of UEFI firmware for QEMU.
public struct UEFIFirmware: Equatable, Sendable {
    /// The file with its code.
    public var code: FilePath
    /// The file with the initial values of its variables.
    public var variables: FilePath
    /// Whether the variables already hold keys.
    var hasKeys: Bool

    /// Names the two files of a build.
    public init(code: FilePath, variables: FilePath, hasKeys: Bool = false) {
        (self.code, self.variables, self.hasKeys) = (code, variables, hasKeys)
    }

    /// What firmware starts.
    public enum Kind: Sendable {
        /// It starts any program.
        case plain
        /// It starts signed programs only, once keys are enrolled.
        case secureBoot
    }

    fileprivate var exists: Bool {
        [code, variables].allSatisfy { access($0.string, F_OK) == 0 }
    }
}

/// The firmware that this computer's descriptors offer (QEMU's docs/interop/firmware.json).
package struct FirmwareCatalog {
    /// A build, and the descriptor that names it.
    package typealias Offer = (firmware: UEFIFirmware, descriptor: FilePath)

    /// The folders with descriptors: the user's, this computer's, the distribution's.
    package let folders = Self.standardFolders
    package private(set) var unreadable: [FilePath] = []

    private var descriptors: [(contents: FirmwareDescriptor, file: FilePath)] = []

    package init() {
        for file in Self.files(in: folders) {
            // An empty file hides one of the same name in a later folder.
            guard let bytes = try? file.readAll(), !bytes.isEmpty else { continue }
            do {
                let contents = try JSONDecoder().decode(FirmwareDescriptor.self, from: Data(bytes))
                descriptors.append((contents, file))
            } catch {
                unreadable.append(file)
            }
        }
    }

    /// Returns the first build that fits, in order of the descriptors' file names.
    ///
    /// For Secure Boot, builds without keys come before those with keys, and builds whose files
    /// exist before both: Debian 12 describes a build for AArch64 whose code it does not package.
    package func find(_ kind: UEFIFirmware.Kind, for chipset: Machine.Chipset) -> Offer? {
        let offers = descriptors.compactMap { contents, file -> Offer? in
            contents.firmware(kind, for: chipset).map { ($0, file) }
        }
        guard kind == .secureBoot else { return offers.first }
        return offers.first { !$0.firmware.hasKeys && $0.firmware.exists }
            ?? offers.first { $0.firmware.exists } ?? offers.first
    }

    private static var standardFolders: [FilePath] {
        var folders: [FilePath] = []
        if let configuration = Environment["XDG_CONFIG_HOME"], !configuration.isEmpty {
            folders.append(FilePath(configuration).appending("qemu/firmware"))
        } else if let home = Environment["HOME"] {
            folders.append(FilePath(home).appending(".config/qemu/firmware"))
        }
        return folders + ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]
    }

    /// Returns descriptors in order of file names; a file hides its namesakes in later folders.
    private static func files(in folders: [FilePath]) -> [FilePath] {
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

/// The parts of a firmware descriptor that decide whether a machine can use it.
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

    /// Returns the files if this is UEFI firmware of that kind, in flash, for that machine.
    func firmware(_ kind: UEFIFirmware.Kind = .plain, for chipset: Machine.Chipset) -> UEFIFirmware?
    {
        let hasKeys = features.contains("enrolled-keys")
        let fits = targets.contains {
            // The names of architectures in descriptors are our raw values.
            $0.architecture == chipset.architecture.rawValue
                && $0.machines.contains { $0.hasPrefix(chipset.firmwarePrefix) }
        }
        guard interfaceTypes.contains("uefi"), mapping.device == "flash", fits,
            features.contains("requires-smm") == (kind == .secureBoot && chipset.hasManagementMode),
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

extension Machine.Chipset {
    /// The common prefix of the machine's versioned names.
    fileprivate var firmwarePrefix: String {
        switch self {
        case .q35: "pc-q35-"
        case .pc: "pc-i440fx-"
        case .virt: "virt-"
        case .raspi3b, .raspi4b: rawValue
        }
    }
}
