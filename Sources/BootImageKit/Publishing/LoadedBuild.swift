package import DiskImage
import HostSystem
package import SystemPackage

/// A plan with its inputs loaded and all outputs laid out: contents that do not fit one of them are
/// refused before another is written.
package struct LoadedBuild {
    package let plan: BuildPlan
    package let builder: ImageBuilder
    package let images: [(layout: ImageLayout, outputs: [BuildPlan.Output])]
    /// The folder for a TFTP server.
    package let folder: (path: FilePath, layout: FolderLayout)?

    /// Loads the inputs; without `fileSystems`, the partitions that libguestfs fills stay empty.
    package init(
        _ plan: BuildPlan, _ kernels: KernelFiles, fileSystems: FileSystems?
    ) throws(BuildError) {
        self.plan = plan
        let builder = try ImageBuilder(plan, kernels, fileSystems: fileSystems)
        self.builder = builder
        images = try plan.images.map { image throws(BuildError) in
            (try builder.layOut(image.kind), image.outputs)
        }
        folder = try plan.pxeDirectory.map { path throws(BuildError) in
            (path, try builder.layOutNetworkFolder())
        }
    }
}

/// A written image and its files.
package struct PublishedImage {
    let layout: ImageLayout
    /// The raw image's digest, like the files', if the plan has a manifest.
    var raw: SHA256Digest?
    let files: [(output: BuildPlan.Output, digest: SHA256Digest?)]
}

extension LoadedBuild {
    /// Writes an image's files: the raw image to a temporary file, then the other formats.
    ///
    /// Each output holds its old content or the new one, whatever fails. For a manifest, the files
    /// are read again.
    package func publish(
        _ layout: ImageLayout, as outputs: [BuildPlan.Output]
    ) throws(BuildError) -> PublishedImage {
        if outputs.count == 1, outputs[0].isRawFile, plan.manifest == nil {
            try builder.write(layout, to: outputs[0].path)
            return PublishedImage(layout: layout, files: outputs.map { ($0, nil) })
        }
        let rawOutput = outputs.first(where: \.isRawFile)
        var raw = try builder.stage(rawOutput?.path ?? outputs[0].path)
        try builder.write(layout, into: raw)
        let digest = try digest(of: raw)
        var files: [(BuildPlan.Output, SHA256Digest?)] = []
        for output in outputs {
            files.append((output, output.isRawFile ? digest : try publish(output, from: raw)))
        }
        // Last, because the other files, which could fail, are made from it.
        if rawOutput != nil { try attempt(raw.replaceOutput(), orThrow: BuildError.file) }
        return PublishedImage(layout: layout, raw: digest, files: files)
    }

    private func publish(
        _ output: BuildPlan.Output, from raw: borrowing AtomicFile
    ) throws(BuildError) -> SHA256Digest? {
        if output.format == .raw { return try compress(raw, as: output) }
        var container = try builder.stage(output.path)
        try ImageConverter.convert(raw.path, to: output.format, at: container.path)
        try makeReproducible(container, of: raw, as: output)
        if output.compression != nil { return try compress(container, as: output) }
        return try replaceOutput(by: &container)
    }

    private func compress(
        _ file: borrowing AtomicFile, as output: BuildPlan.Output
    ) throws(BuildError) -> SHA256Digest? {
        guard let compression = output.compression else { return nil }
        var compressed = try builder.stage(output.path)
        try compression.compress(file.descriptor, into: compressed.descriptor)
        return try replaceOutput(by: &compressed)
    }

    /// Replaces qemu-img's timestamps and random identifiers by ones derived from the disk.
    private func makeReproducible(
        _ container: borrowing AtomicFile, of raw: borrowing AtomicFile,
        as output: BuildPlan.Output
    ) throws(BuildError) {
        // The name inside does not depend on compression.
        let name = output.path.lastComponent.map {
            output.compression == nil ? $0.text : $0.stemText
        }
        let patches: [ContainerPatch]
        do {
            patches = try output.format.reproduciblePatches(
                of: ImageFile(container.descriptor), named: name ?? "",
                identity: ImageIdentity(ofRaw: ImageFile(raw.descriptor)))
        } catch let error as ContainerError {
            throw .container(output.path, error)
        } catch {
            let cause = error as? DiskReadError ?? DiskReadError(offset: 0, cause: "\(error)")
            throw .container(output.path, .unreadable(cause))
        }
        for patch in patches {
            try attempt(container.write(patch.bytes, at: patch.offset), orThrow: BuildError.file)
        }
    }

    private func digest(of file: borrowing AtomicFile) throws(BuildError) -> SHA256Digest? {
        plan.manifest == nil ? nil : try SHA256Digest(of: file.descriptor, file.path)
    }

    private func replaceOutput(by file: inout AtomicFile) throws(BuildError) -> SHA256Digest? {
        let digest = try digest(of: file)
        try attempt(file.replaceOutput(), orThrow: BuildError.file)
        return digest
    }
}
