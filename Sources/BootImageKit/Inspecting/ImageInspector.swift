package import DiskImage
package import ELFKit
package import HostSystem
package import SystemPackage

/// What there is to say about an image.
package struct ImageInspection {
    package let image: FilePath
    package let map: ImageMap
    /// How many errors and warnings `verify` would tell.
    package let errorCount: Int
    package let warningCount: Int
    /// The kernels that the loaders would find, x86-64's first.
    package let kernels: [Inspection]

    /// What kind of image it is, for people.
    package var kind: String {
        let kinds = [map.isoVolume.map { _ in "ISO 9660" }, map.kind].compactMap(\.self)
        return kinds.isEmpty ? "a disk without partitions" : kinds.joined(separator: " and ")
    }
}

/// Reads an image once, as `verify` does, and draws its map.
package enum ImageInspector {
    private static let elfMagic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    /// The inspection of an image; `nil` for an ELF file, and for what is nothing of either kind.
    ///
    /// - Throws: ``Failure`` if reading fails, and for an image that is packed.
    package static func inspect(_ path: FilePath) throws(Failure) -> ImageInspection? {
        // What cannot be read as an image is refused by the reader of kernels.
        guard let descriptor = try? FileDescriptor.openForReading(path) else { return nil }
        defer { try? descriptor.close() }
        let type = try? descriptor.stat().type
        guard type == .regular || type == .blockSpecial else { return nil }
        let packed: String?
        do {
            let file = try ImageFile(descriptor)
            let count = min(PackedImage.examinedByteCount, Int(file.byteCount.value))
            let start = try file.read(count, at: 0)
            if start.starts(with: elfMagic) { return nil }
            packed = PackedImage.explanation(for: start)
            if packed == nil { return try inspect(file, named: path) }
        } catch {
            throw Failure(.inputOutput, "\(path): \(error)")
        }
        if let packed { throw Failure(.badInput, "\(path): \(packed)") }
        return nil
    }

    private static func inspect(
        _ file: ImageFile, named path: FilePath
    ) throws(DiskReadError) -> ImageInspection? {
        var verification = try Verification(of: file, loaderFiles: .bootimage)
        let map = try ImageMap(of: file, verification)
        guard map.isImage else { return nil }
        var kernels: [Inspection] = []
        for found in PayloadKernel.all(in: verification) {
            let inspection = try found.inspection(of: file)
            verification.add(found.findings(inspection))
            kernels.append(inspection)
        }
        let severities = verification.findings.map(\.rule.severity)
        return ImageInspection(
            image: path, map: map, errorCount: severities.count { $0 == .error },
            warningCount: severities.count { $0 == .warning }, kernels: kernels)
    }
}

extension ImageMap.Loader {
    /// Whether it is the one that this tool puts into images.
    package var isOwn: Bool {
        if isForBIOS { return digest == ContentDigest(ofBIOSLoader: PrebuiltLoaders.bios) }
        return Architecture.allCases.contains {
            digest == EFIProgram(PrebuiltLoaders.uefi(for: $0)).digest
        }
    }
}
