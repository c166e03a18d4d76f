import HostSystem
import SystemPackage

/// The places of a manifest and its checksums, and the outputs' names in them: a pure value.
///
/// Names are relative to the manifest's folder, so they are the same on every machine and stay
/// right when the folder is moved.
struct ManifestPlan: Equatable, Sendable {
    /// The file beside the manifest for sha256sum(1).
    static let checksumsName = "SHA256SUMS"

    /// As it was given.
    let path: FilePath
    let checksums: FilePath

    private let folder: FilePath
    private let currentFolder: FilePath

    /// Refuses a manifest with an output outside its folder, or with an output's path.
    init(_ path: FilePath, for outputs: [FilePath], in currentFolder: FilePath) throws(PlanError) {
        self.path = path
        self.currentFolder = currentFolder
        let absolute = currentFolder.pushing(path).lexicallyNormalized()
        folder = absolute.removingLastComponent()
        checksums = path.removingLastComponent().appending(Self.checksumsName)
        guard absolute.lastComponent?.text != Self.checksumsName else {
            throw .manifestIsChecksums(path)
        }
        for output in outputs {
            guard let name = name(of: output) else {
                let other = output.removingLastComponent().appending(
                    text: absolute.lastComponent?.text ?? "manifest.json")
                throw .outputOutsideManifest(path, output: output, suggestion: other)
            }
            guard name != absolute.lastComponent?.text, name != Self.checksumsName else {
                throw .manifestIsOutput(path, output: output)
            }
        }
    }

    /// The output's path relative to the manifest's folder; nil if it is outside.
    func name(of output: FilePath) -> String? {
        var name = currentFolder.pushing(output).lexicallyNormalized()
        guard name.removePrefix(folder), !name.isEmpty else { return nil }
        return name.text
    }
}
