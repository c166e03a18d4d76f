package import DiskImage
package import HostSystem

import SystemPackage

/// Makes an image's files: the raw image first, in a temporary file, then from that what it is
/// asked for in.
///
/// Each output is the old file or the new one, whatever happens.
package struct ImagePublisher {
    let builder: ImageBuilder
    /// Whether what is written shall be read again for its digests.
    let takesDigests: Bool

    package init(
        builder: ImageBuilder, takesDigests: Bool
    ) {
        self.builder = builder
        self.takesDigests = takesDigests
    }

    /// Refuses outputs for which a program is missing.
    package static func check(_ outputs: [BuildPlan.Output]) throws(Failure) {
        for output in outputs {
            if output.format != .raw { try ImageConverter.check(output.format) }
            if let compression = output.compression { try Compressor.check(compression) }
        }
    }

    /// Writes all files of one image.
    package func publish(
        _ layout: ImageLayout, as outputs: [BuildPlan.Output]
    ) throws(Failure) -> PublishedImage {
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
        // Last: what is made from it does not fail any more.
        if rawOutput != nil { try replaceOutput(by: &raw) }
        return PublishedImage(layout: layout, raw: digest, files: files)
    }

    private func publish(
        _ output: BuildPlan.Output, from raw: borrowing AtomicFile
    ) throws(Failure) -> FileDigest? {
        if output.format == .raw { return try pack(raw, as: output) }
        var container = try builder.stage(output.path)
        try ImageConverter.convert(raw.path, to: output.format, at: container.path)
        try makeReproducible(container, of: raw, as: output)
        if output.compression != nil { return try pack(container, as: output) }
        let digest = try digest(of: container)
        try replaceOutput(by: &container)
        return digest
    }

    private func pack(
        _ file: borrowing AtomicFile, as output: BuildPlan.Output
    ) throws(Failure) -> FileDigest? {
        guard let compression = output.compression else { return nil }
        var packed = try builder.stage(output.path)
        try Compressor.pack(file.descriptor, by: compression, into: packed.descriptor)
        let digest = try digest(of: packed)
        try replaceOutput(by: &packed)
        return digest
    }

    /// Derives from the disk what qemu-img takes from a clock and a random number generator.
    private func makeReproducible(
        _ container: borrowing AtomicFile, of raw: borrowing AtomicFile,
        as output: BuildPlan.Output
    ) throws(Failure) {
        // The name that is inside does not tell how the file is packed.
        let name = output.path.lastComponent.map {
            output.compression == nil ? $0.string : $0.stem
        }
        let patches: [ContainerPatch]
        do {
            patches = try output.format.reproduciblePatches(
                of: ImageFile(container.descriptor), named: name ?? "",
                identity: ImageIdentity(ofRaw: ImageFile(raw.descriptor)))
        } catch {
            throw Failure(
                .inputOutput, "\(output.path): what qemu-img has made of the image: \(error)")
        }
        do throws(FileError) {
            for patch in patches { try container.write(patch.bytes, at: patch.offset) }
        } catch {
            throw Failure(error)
        }
    }

    private func digest(of file: borrowing AtomicFile) throws(Failure) -> FileDigest? {
        takesDigests ? try FileDigest(of: file.descriptor, file.path) : nil
    }

    private func replaceOutput(by file: inout AtomicFile) throws(Failure) {
        do throws(FileError) { try file.replaceOutput() } catch { throw Failure(error) }
    }
}

/// An image that was written, with the files that hold it.
package struct PublishedImage {
    package typealias File = (output: BuildPlan.Output, digest: FileDigest?)

    let layout: ImageLayout
    /// Of the raw image, if digests were asked for.
    package var raw: FileDigest?
    package var files: [File]
}

extension BuildPlan.Output {
    /// Whether the file holds the disk's bytes as they are.
    fileprivate var isRawFile: Bool { format == .raw && compression == nil }
}
