import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The inputs, outputs and layouts of a build, for programs; `docs/manifest.md` describes the keys.
///
/// It does not depend on the machine: it has no absolute path, no time, no user name.
struct Manifest {
    /// An input file, or a loader that is part of the program.
    struct Input {
        let role: String
        /// The last part of its path.
        let name: String
        /// The architecture of a kernel or a loader.
        var architecture: Architecture?
        /// The path in the image's file system, if the user chose it.
        var destination: String?
        /// The whole file.
        let file: FileDigest
        /// The part that is in the images.
        let content: FileDigest
    }

    /// A written file.
    struct Output {
        let name: String
        /// nil for a file in a TFTP server's folder.
        let image: BuildPlan.Output?
        let digest: FileDigest
    }

    /// Increases when a key changes its meaning or is removed.
    static let version: UInt64 = 1

    let toolVersion: String
    let inputs: [Input]
    let images: [PublishedImage]
    let outputs: [Output]
    /// At least one, in the order of the arguments.
    let kernels: [Inspection]

    var json: JSONObject {
        let contracts = kernels.map(\.bootContract)
        let tool: JSONObject = ["name": "bootimage", "version": toolVersion]
        return [
            "manifest_version": Self.version, "tool": tool, "inputs": inputs.map(Self.input),
            "images": images.map(Self.image), "outputs": outputs.map(Self.output),
            "boot_contract": contracts[0], "boot_contracts": contracts,
        ]
    }

    private static func input(_ input: Input) -> JSONObject {
        let members: JSONObject = [
            "role": input.role, "name": input.name, "architecture": input.architecture?.rawValue,
            "destination": input.destination,
        ]
        return members + json(input.file) + ["in_image": json(input.content)]
    }

    private static func image(_ image: PublishedImage) -> JSONObject {
        ["firmware": image.files.first?.output.firmwareName] + json(image.raw)
            + ["layout": LayoutJSON(image.layout).value]
    }

    private static func output(_ output: Output) -> JSONObject {
        let members: JSONObject = [
            "name": output.name, "firmware": output.image?.firmwareName,
            "format": output.image?.formatName, "compression": output.image?.compression?.rawValue,
        ]
        return members + json(output.digest)
    }

    private static func json(_ digest: FileDigest?) -> JSONObject {
        ["size": digest?.byteCount, "sha256": digest?.sha256]
    }
}

extension Manifest {
    /// Reads all inputs.
    static func inputs(
        of plan: BuildPlan, _ inputs: BuildInputs
    ) throws(BuildError) -> [Input] {
        var result: [Input] = []
        for item in inputs.contents {
            var input = try input(item.role.name, item.content, inputs.files)
            input.architecture = Architecture.allCases.first { $0.uefiKernelName == item.name }
            result.append(input)
        }
        for item in inputs.extraContents {
            var input = try input("file", item.content, inputs.files)
            input.destination = item.path
            result.append(input)
        }
        let firmware = plan.outputs.flatMap(\.kind.firmwares)
        if firmware.contains(.bios) {
            result.append(try loader("bios", PrebuiltLoaders.bios, .x86_64))
        }
        if firmware.contains(.uefi) || plan.pxeDirectory != nil {
            for (_, architecture) in plan.content.kernels {
                result.append(
                    try loader("uefi", PrebuiltLoaders.uefi(for: architecture), architecture))
            }
        }
        return result
    }

    private static func loader(
        _ name: String, _ bytes: [UInt8], _ architecture: Architecture
    ) throws(BuildError) -> Input {
        let digest = try FileDigest(of: .bytes(bytes), in: [])
        return Input(
            role: "loader", name: name, architecture: architecture, file: digest, content: digest)
    }

    private static func input(
        _ role: String, _ content: Content, _ files: [ImageInput]
    ) throws(BuildError) -> Input {
        let digest = try FileDigest(of: content, in: files)
        let file = content.inputIndex.map { files[$0] }
        var whole = digest
        if let file, content != .input(index: content.inputIndex ?? 0, length: file.byteCount) {
            whole = try FileDigest(of: file.descriptor, file.path)
        }
        return Input(
            role: role, name: file.map { baseName(of: $0.path) } ?? "", file: whole,
            content: digest)
    }

    /// The last component of a path: folders depend on the machine.
    static func baseName(of path: FilePath) -> String { path.lastComponent?.string ?? "" }
}

extension Content {
    /// The input that the content, or a part of it, comes from.
    fileprivate var inputIndex: Int? {
        switch self {
        case .bytes: nil
        case .input(let index, _, _): index
        case .joined(let contents): contents.lazy.compactMap(\.inputIndex).first
        }
    }
}

extension FileRole {
    fileprivate var name: String {
        switch self {
        case .kernel: "kernel"
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot-config"
        }
    }
}
