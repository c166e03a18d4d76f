import HostSystem
import SystemPackage

/// Where a manifest goes and what outputs are called in it: a pure value.
///
/// Names count from the manifest's folder on, so that they are the same on every machine, and
/// right wherever the folder is taken.
struct ManifestPlan: Equatable, Sendable {
    /// The file beside the manifest that sha256sum(1) checks.
    static let checksumsName = "SHA256SUMS"

    /// As it was given.
    let path: FilePath
    /// The file for sha256sum(1).
    let checksums: FilePath

    private let folder: FilePath
    private let currentFolder: FilePath

    /// Refuses a manifest above whose folder some output would lie, or in an output's place.
    init(
        _ path: FilePath, for outputs: [FilePath], in currentFolder: FilePath
    ) throws(Failure) {
        self.path = path
        self.currentFolder = currentFolder
        let absolute = currentFolder.pushing(path).lexicallyNormalized()
        folder = absolute.removingLastComponent()
        checksums = path.removingLastComponent().appending(Self.checksumsName)
        guard absolute.lastComponent?.string != Self.checksumsName else {
            throw Failure(
                .usage,
                "--manifest \(path): this name is for the checksums beside it; use another")
        }
        for output in outputs {
            guard let name = name(of: output) else {
                let other = output.removingLastComponent().appending(
                    absolute.lastComponent?.string ?? "manifest.json")
                throw Failure(
                    .usage,
                    "--manifest \(path): \(output) is in none of the folders below; write it to "
                        + "\(other), or give --output-directory")
            }
            guard name != absolute.lastComponent?.string, name != Self.checksumsName else {
                throw Failure(.usage, "--manifest \(path): \(output) is an image; use another name")
            }
        }
    }

    /// The output's path from the manifest's folder on; nil if it lies elsewhere.
    func name(of output: FilePath) -> String? {
        var name = currentFolder.pushing(output).lexicallyNormalized()
        guard name.removePrefix(folder), !name.isEmpty else { return nil }
        return name.string
    }
}
