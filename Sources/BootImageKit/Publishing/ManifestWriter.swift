package import DiskImage
import HostSystem
package import SystemPackage

import ELFKit
import FoundationEssentials

/// Writes a manifest and its checksums after the files that they describe.
///
/// Both files are created before anything else, so that an impossible path is refused early, and
/// replace their outputs last.
package struct ManifestWriter: ~Copyable {
    private let plan: ManifestPlan
    private let facts: Facts
    private var manifestFile: AtomicFile
    private var checksumsFile: AtomicFile

    /// The facts known before anything is written.
    private struct Facts {
        let toolVersion: String
        let inputs: [Manifest.Input]
        let kernels: [Inspection]
        /// The files of a TFTP server's folder.
        let folderFiles: [FilePath]
    }

    /// Reads all inputs.
    package init(
        _ path: FilePath, for build: BuildPlan, _ folder: (path: FilePath, layout: FolderLayout)?,
        _ builder: ImageBuilder, toolVersion: String
    ) throws(BuildError) {
        let folderFiles = folder.map { folder in
            folder.layout.files.map { folder.path.pushing(FilePath($0.path)) }
        }
        let plan: ManifestPlan
        do throws(PlanError) {
            plan = try ManifestPlan(
                path, for: build.outputs.map(\.path) + (folderFiles ?? []), in: .currentFolder)
        } catch {
            throw .plan(error)
        }
        let manifestFile = try builder.stage(path)
        let checksumsFile = try builder.stage(plan.checksums)
        let facts = Facts(
            toolVersion: toolVersion, inputs: try Manifest.inputs(of: build, builder.inputs),
            kernels: try builder.inputs.kernelFiles.map(Self.inspect),
            folderFiles: folderFiles ?? [])
        self.init(plan: plan, facts: facts, manifestFile, checksumsFile)
    }

    private init(
        plan: ManifestPlan, facts: Facts, _ manifestFile: consuming AtomicFile,
        _ checksumsFile: consuming AtomicFile
    ) {
        (self.plan, self.facts) = (plan, facts)
        self.manifestFile = manifestFile
        self.checksumsFile = checksumsFile
    }

    private static func inspect(_ kernel: ImageInput) throws(BuildError) -> Inspection {
        do throws(ELFError) {
            return try KernelELF.inspect(kernel.descriptor, named: kernel.path.string)
        } catch {
            throw .kernel(error)
        }
    }

    /// Reads the TFTP server's files, then writes both files; returns their paths.
    package mutating func write(_ images: [PublishedImage]) throws(BuildError) -> [FilePath] {
        let manifest = Manifest(
            toolVersion: facts.toolVersion, inputs: facts.inputs, images: images,
            outputs: try outputs(images), kernels: facts.kernels)
        let text = Array((JSON.text(manifest.json) + "\n").utf8)
        let list = checksums(of: manifest, text: text)
        do throws(FileError) {
            try manifestFile.write(text)
            try checksumsFile.write(Array(list.text.utf8))
            try manifestFile.replaceOutput()
            try checksumsFile.replaceOutput()
        } catch {
            throw .file(error)
        }
        return [plan.path, plan.checksums]
    }

    private func outputs(_ images: [PublishedImage]) throws(BuildError) -> [Manifest.Output] {
        var outputs: [Manifest.Output] = []
        for file in images.flatMap(\.files) {
            guard let digest = file.digest else { continue }
            outputs.append(
                Manifest.Output(
                    name: plan.name(of: file.output.path) ?? "", image: file.output,
                    digest: digest))
        }
        for path in facts.folderFiles {
            outputs.append(
                Manifest.Output(
                    name: plan.name(of: path) ?? "", image: nil, digest: try FileDigest(of: path)))
        }
        return outputs
    }

    private func checksums(of manifest: Manifest, text: [UInt8]) -> ChecksumList {
        var digest = SHA256Digest()
        digest.take(text)
        var list = ChecksumList()
        list.add(Manifest.baseName(of: plan.path), sha256: digest.text)
        for output in manifest.outputs { list.add(output.name, sha256: output.digest.sha256) }
        return list
    }
}

/// The lines of a file that `sha256sum --check` reads (GNU coreutils manual, "md5sum invocation").
struct ChecksumList {
    private(set) var text = ""

    /// Adds a file.
    mutating func add(_ name: String, sha256: String) {
        let escapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\n": "\\n", "\r": "\\r"]
        let escaped = name.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
        text += (escaped == name ? "" : "\\") + "\(sha256)  \(escaped)\n"
    }
}
