package import DiskImage
import HostSystem

import SystemPackage

/// Writes an image's files: the raw image to a temporary file, then the other formats.
///
/// Each output holds its old content or the new one, whatever fails.
package struct ImagePublisher {
    let builder: ImageBuilder
    /// Whether the files are read again for their digests.
    let takesDigests: Bool

    package init(builder: ImageBuilder, takesDigests: Bool) {
        self.builder = builder
        self.takesDigests = takesDigests
    }

    /// Writes all files of one image.
    package func publish(
        _ layout: ImageLayout, as outputs: [BuildPlan.Output]
    ) throws(BuildError) -> PublishedImage {
        if outputs.count == 1, outputs[0].isRawFile, !takesDigests {
            try builder.write(layout, to: outputs[0].path)
            return PublishedImage(layout: layout, files: outputs.map { ($0, nil) })
        }
        let rawOutput = outputs.first(where: \.isRawFile)
        var raw = try builder.stage(rawOutput?.path ?? outputs[0].path)
        try builder.write(layout, into: raw)
        let digest = try digest(of: raw)
        var files: [PublishedImage.File] = []
        for output in outputs {
            files.append(
                output.isRawFile ? (output, digest) : (output, try publish(output, from: raw)))
        }
        // Last, because the other files, which could fail, are made from it.
        if rawOutput != nil { try replaceOutput(by: &raw) }
        return PublishedImage(layout: layout, raw: digest, files: files)
    }

    private func publish(
        _ output: BuildPlan.Output, from raw: borrowing AtomicFile
    ) throws(BuildError) -> FileDigest? {
        if output.format == .raw { return try compress(raw, as: output) }
        var container = try builder.stage(output.path)
        try ImageConverter.convert(raw.path, to: output.format, at: container.path)
        try makeReproducible(container, of: raw, as: output)
        if output.compression != nil { return try compress(container, as: output) }
        let digest = try digest(of: container)
        try replaceOutput(by: &container)
        return digest
    }

    private func compress(
        _ file: borrowing AtomicFile, as output: BuildPlan.Output
    ) throws(BuildError) -> FileDigest? {
        guard let compression = output.compression else { return nil }
        var compressed = try builder.stage(output.path)
        try Compressor.compress(file.descriptor, by: compression, into: compressed.descriptor)
        let digest = try digest(of: compressed)
        try replaceOutput(by: &compressed)
        return digest
    }

    /// Replaces qemu-img's timestamps and random identifiers by ones derived from the disk.
    private func makeReproducible(
        _ container: borrowing AtomicFile, of raw: borrowing AtomicFile,
        as output: BuildPlan.Output
    ) throws(BuildError) {
        // The name inside does not depend on compression.
        let name = output.path.lastComponent.map {
            output.compression == nil ? $0.string : $0.stem
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
        do throws(FileError) {
            for patch in patches { try container.write(patch.bytes, at: patch.offset) }
        } catch {
            throw .file(error)
        }
    }

    private func digest(of file: borrowing AtomicFile) throws(BuildError) -> FileDigest? {
        takesDigests ? try FileDigest(of: file.descriptor, file.path) : nil
    }

    private func replaceOutput(by file: inout AtomicFile) throws(BuildError) {
        do throws(FileError) { try file.replaceOutput() } catch { throw .file(error) }
    }
}

/// A written image and its files.
package struct PublishedImage {
    package typealias File = (output: BuildPlan.Output, digest: FileDigest?)

    let layout: ImageLayout
    /// The raw image's, if digests are taken.
    package var raw: FileDigest?
    package var files: [File]
}
