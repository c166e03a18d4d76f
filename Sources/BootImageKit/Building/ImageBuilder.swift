package import DiskImage
package import HostSystem
package import SystemPackage

import ELFKit
import Libc
import PrebuiltLoader

/// Carries a plan out: loads the inputs once, lays each image out, writes it.
package struct ImageBuilder {
    private let plan: BuildPlan
    let inputs: BuildInputs
    /// What UEFI firmware starts on each architecture, signed if it is to be.
    private let uefiLoaders: [(name: String, bytes: [UInt8])]

    /// Opens and checks every input; without `fileSystems`, what libguestfs makes is left out.
    package init(_ plan: BuildPlan, fileSystems: FileSystems?) throws(Failure) {
        self.plan = plan
        let inputs = try BuildInputs(
            plan.content, partitions: plan.partitions, fileSystems: fileSystems)
        self.inputs = inputs
        uefiLoaders = try plan.content.kernels.map { _, architecture throws(Failure) in
            let bytes = PrebuiltLoaders.uefi(for: architecture)
            let signed = try plan.signing.map { identity throws(Failure) in
                try LoaderSigner(identity: identity, time: plan.timestamp.utcTime)
                    .sign(bytes, inputs.loaderDigests(on: architecture))
            }
            return (architecture.uefiLoaderName, signed ?? bytes)
        }
    }

    /// What is odd about the plan or the kernel without keeping it from booting.
    package var warnings: [String] {
        plan.warnings
            + zip(plan.content.kernels, inputs.kernels).flatMap { file, kernel in
                kernel.warnings.map { "\(file.path): \($0)" }
            }
    }

    /// An image of that kind, as a pure value.
    package func layOut(_ kind: ImageKind) throws(Failure) -> ImageLayout {
        do throws(LayoutError) {
            switch kind {
            case .bios: return try biosImage.layOut()
            case .uefi, .hybrid, .disc: return try efiImage(kind).layOut()
            }
        } catch {
            throw Failure(error, in: plan.content)
        }
    }

    /// What a TFTP server serves, as a pure value.
    package func layOutNetworkFolder() throws(Failure) -> FolderLayout {
        let loaders = uefiLoaders.map { EFIImage.File(path: $0.name, content: .bytes($0.bytes)) }
        // The loader would take what another build has left.
        let absentNames = BuildInputs.names(in: plan.content).filter { name in
            !inputs.contents.contains { $0.name == name }
        }
        do throws(LayoutError) {
            return try FolderLayout(
                files: loaders + uefiFiles, absentNames: absentNames)
        } catch {
            throw Failure(error, in: plan.content)
        }
    }

    /// Writes an image; the output is the old file or the new one, whatever happens.
    package func write(_ layout: ImageLayout, to path: FilePath) throws(Failure) {
        try write { writer throws(WriteError) in try writer.write(layout, to: path) }
    }

    /// Makes a file that is to take the place of an output, which must be none of the inputs.
    func stage(_ output: FilePath) throws(Failure) -> AtomicFile {
        do throws(WriteError) {
            return try ImageWriter(inputs: inputs.files).stage(output)
        } catch {
            throw Failure(error)
        }
    }

    /// Writes an image into such a file.
    package func write(_ layout: ImageLayout, into file: borrowing AtomicFile) throws(Failure) {
        try write { writer throws(WriteError) in try writer.write(layout, into: file) }
    }

    /// Writes a folder; each file in it is the old one or the new one, whatever happens.
    package func write(_ layout: FolderLayout, to path: FilePath) throws(Failure) {
        try write { writer throws(WriteError) in try writer.write(layout, to: path) }
    }

    private func write(
        _ body: (ImageWriter) throws(WriteError) -> Void
    ) throws(Failure) {
        do throws(WriteError) {
            // A limit on the size of files is then an error like any other.
            try ignoring(SIGXFSZ) { () throws(WriteError) in
                try body(ImageWriter(inputs: inputs.files))
            }
        } catch {
            throw Failure(error)
        }
    }

    private var biosImage: BIOSImage {
        let items = inputs.contents(on: .x86_64).map {
            (kind: $0.role.payloadKind, content: $0.content, digest: $0.digest)
        }
        return BIOSImage(
            loader: PrebuiltLoaders.bios,
            payload: items.map { PayloadItem(kind: $0.kind, content: $0.content) },
            identity: ImageIdentity(
                biosLoader: ContentDigest(ofBIOSLoader: PrebuiltLoaders.bios),
                payload: items.map { ($0.kind, $0.digest) }),
            minimum: plan.imageSize)
    }

    private func efiImage(_ kind: ImageKind) -> EFIImage {
        let medium: EFIImage.Medium =
            switch kind {
            case .disc: .disc(biosBoot)
            case .hybrid: .hybrid(biosBoot)
            case .bios, .uefi: .disk(plan.sectorSize)
            }
        let loaders = uefiLoaders.map { (path: "EFI/BOOT/" + $0.name, bytes: $0.bytes) }
        let digests =
            loaders.map { ($0.path, ContentDigest(of: $0.bytes)) }
            + inputs.contents.map { ($0.name, $0.digest) }
            + inputs.extraContents.map { ($0.path, $0.digest) }
        return EFIImage(
            files: loaders.map { EFIImage.File(path: $0.path, content: .bytes($0.bytes)) }
                + uefiFiles,
            identity: ImageIdentity(
                files: digests,
                biosLoader: kind.firmwares.contains(.bios)
                    ? ContentDigest(ofBIOSLoader: PrebuiltLoaders.bios) : nil),
            timestamp: plan.timestamp, medium: medium,
            volume: EFIImage.Volume(
                plan.fatType ?? usualFATType(of: kind), label: plan.volumeLabel,
                minimum: plan.espSize),
            minimum: plan.imageSize, partitions: inputs.partitions)
    }

    /// FAT32, but on a disc, where El Torito tells the lengths of small volumes only, FAT16 while
    /// that has room.
    private func usualFATType(of kind: ImageKind) -> FATType {
        let contents = inputs.contents.map(\.content) + inputs.extraContents.map(\.content)
        let byteCount = contents.reduce(plan.espSize) { $0 + $1.byteCount }
        return kind == .disc && byteCount <= .mebibytes(1024) ? .fat16 : .fat32
    }

    /// The BIOS loader, which loads what the UEFI loader finds by name.
    private var biosBoot: BIOSBoot {
        BIOSBoot(
            loader: PrebuiltLoaders.bios,
            files: inputs.contents(on: .x86_64).map {
                LoaderFile(path: $0.name, kind: $0.role.payloadKind)
            },
            isProtectiveEntryActive: plan.activeProtectiveMBR)
    }

    /// What the UEFI loader finds beside itself, then the user's files.
    private var uefiFiles: [EFIImage.File] {
        inputs.contents.map { EFIImage.File(path: $0.name, content: $0.content) }
            + inputs.extraContents.map { EFIImage.File(path: $0.path, content: $0.content) }
    }
}

extension BuildInputs.Role {
    /// How the BIOS loader finds the file.
    var payloadKind: PayloadKind {
        switch self {
        case .kernel: .kernel
        case .ramdisk: .ramdisk
        case .bootConfiguration: .bootConfiguration
        }
    }
}
