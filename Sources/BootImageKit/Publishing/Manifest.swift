import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The parts of a manifest, for programs; `docs/manifest.md` describes the keys.
///
/// They do not depend on the machine: they have no absolute path, no time, no user name.
enum Manifest {
    /// Increases when a key changes its meaning or is removed.
    static let version: UInt64 = 1

    static func image(_ image: PublishedImage) -> JSONObject {
        ["firmware": image.files.first?.output.firmwareName] + json(image.raw)
            + ["layout": image.layout.json]
    }

    /// A written file; `image` is nil for a file in a TFTP server's folder.
    static func output(
        _ name: String, _ image: BuildPlan.Output?, _ digest: SHA256Digest
    ) -> JSONObject {
        let members: JSONObject = [
            "name": name, "firmware": image?.firmwareName, "format": image?.formatName,
            "compression": image?.compression?.rawValue,
        ]
        return members + json(digest)
    }

    /// An input file, by the last part of its path, or a loader that is part of the program.
    ///
    /// `destination` is the path in the image's file system, if the user chose it; `content` is the
    /// part of the file that is in the images.
    fileprivate static func input(
        _ role: String, _ name: String, _ architecture: Architecture?, destination: String? = nil,
        file: SHA256Digest, content: SHA256Digest
    ) -> JSONObject {
        let members: JSONObject = [
            "role": role, "name": name, "architecture": architecture?.rawValue,
            "destination": destination,
        ]
        return members + json(file) + ["in_image": json(content)]
    }

    private static func json(_ digest: SHA256Digest?) -> JSONObject {
        ["size": digest?.byteCount, "sha256": digest?.text]
    }
}

extension BuildInputs {
    /// Reads all inputs of a plan for its manifest.
    func manifest(of plan: BuildPlan) throws(BuildError) -> [JSONObject] {
        var result = try items.map { item throws(BuildError) in try manifest(item, of: plan) }
        func add(_ loader: [UInt8], _ name: String, for architecture: Architecture) {
            let digest = SHA256Digest(of: loader)
            result.append(
                Manifest.input("loader", name, architecture, file: digest, content: digest))
        }
        let firmware = plan.outputs.flatMap(\.kind.firmwares)
        if firmware.contains(.bios) { add(PrebuiltLoaders.bios, "bios", for: .x86_64) }
        if firmware.contains(.uefi) || plan.pxeDirectory != nil {
            for (_, architecture) in plan.content.kernels {
                add(PrebuiltLoaders.uefi(for: architecture), "uefi", for: architecture)
            }
        }
        return result
    }

    private func manifest(
        _ item: Item, of plan: BuildPlan
    ) throws(BuildError) -> JSONObject {
        let content = item.content
        let digest = try SHA256Digest(of: content, in: files)
        let file = content.inputIndex.map { files[$0] }
        var whole = digest
        if let file, content != .input(index: content.inputIndex ?? 0, length: file.byteCount) {
            whole = try SHA256Digest(of: file.descriptor, file.path)
        }
        return Manifest.input(
            item.role?.name ?? "file", file?.path.lastComponent?.text ?? "",
            plan.card != nil && item.role == .kernel
                ? .aarch64 : Architecture.allCases.first { $0.uefiKernelName == item.path },
            destination: item.role == nil ? item.path : nil, file: whole, content: digest)
    }
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
