import DiskImage
import ELFKit
import HostSystem
package import SystemPackage

/// Writes a manifest and its checksums after the files that they describe.
///
/// Both files are created before anything else, so that an impossible path is refused early, and
/// replace their outputs last.
package struct ManifestWriter: ~Copyable {
    private let plan: ManifestPlan
    private let inputs: [JSONObject]
    /// What the loader does with each kernel; at least one, in the order of the arguments.
    private let contracts: [JSONObject]
    /// The files of a TFTP server's folder.
    private let folderFiles: [FilePath]
    private var manifestFile: AtomicFile
    private var checksumsFile: AtomicFile

    /// Creates both files, and reads all inputs; nil if the plan has no manifest.
    package static func prepare(for build: LoadedBuild) throws(BuildError) -> ManifestWriter? {
        guard let path = build.plan.manifest else { return nil }
        let folderFiles = build.folder.map { folder in
            folder.layout.files.map { folder.path.appending(text: $0.path) }
        }
        let outputs = build.plan.outputs.map(\.path) + (folderFiles ?? [])
        let plan = try attempt(
            ManifestPlan(path, for: outputs, in: .currentFolder), orThrow: BuildError.plan)
        let manifestFile = try build.builder.stage(path)
        let checksumsFile = try build.builder.stage(plan.checksums)
        let inputs = build.builder.inputs
        let contracts = try inputs.kernelFiles.map { kernel throws(BuildError) in
            try attempt(
                KernelELF.inspect(
                    kernel.descriptor, named: kernel.path.text, as: inputs.bootProtocol
                ).bootContract,
                orThrow: BuildError.kernel)
        }
        return ManifestWriter(
            plan: plan, inputs: try inputs.manifest(of: build.plan), contracts: contracts,
            folderFiles: folderFiles ?? [], manifestFile: manifestFile,
            checksumsFile: checksumsFile)
    }

    /// Reads the TFTP server's files, then writes both files; returns their paths.
    package mutating func write(_ images: [PublishedImage]) throws(BuildError) -> [FilePath] {
        var outputs: [(name: String, image: BuildPlan.Output?, digest: SHA256Digest)] = []
        for case let (output, digest?) in images.flatMap(\.files) {
            outputs.append((plan.name(of: output.path) ?? "", output, digest))
        }
        for path in folderFiles {
            outputs.append((plan.name(of: path) ?? "", nil, try SHA256Digest(of: path)))
        }
        let tool: JSONObject = ["name": "bootimage", "version": Version.current]
        let manifest: JSONObject = [
            "manifest_version": Manifest.version, "tool": tool, "inputs": inputs,
            "images": images.map(Manifest.image), "outputs": outputs.map(Manifest.output),
            "boot_contract": contracts[0], "boot_contracts": contracts,
        ]
        let text = Array((JSON.text(manifest) + "\n").utf8)
        var list = ChecksumList()
        list.add(plan.path.lastComponent?.text ?? "", sha256: SHA256Digest(of: text).text)
        for output in outputs { list.add(output.name, sha256: output.digest.text) }
        try attempt(manifestFile.write(text), orThrow: BuildError.file)
        try attempt(checksumsFile.write(list.text.pathBytes), orThrow: BuildError.file)
        try attempt(manifestFile.replaceOutput(), orThrow: BuildError.file)
        try attempt(checksumsFile.replaceOutput(), orThrow: BuildError.file)
        return [plan.path, plan.checksums]
    }
}

/// The lines of a file that `sha256sum --check` reads (GNU coreutils manual, "md5sum invocation").
struct ChecksumList {
    private(set) var text = ""

    mutating func add(_ name: String, sha256: String) {
        let escapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\n": "\\n", "\r": "\\r"]
        let escaped = name.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
        text += (escaped == name ? "" : "\\") + "\(sha256)  \(escaped)\n"
    }
}
