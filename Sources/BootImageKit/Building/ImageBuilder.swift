package import DiskImage
import ELFKit
package import HostSystem
import Libc
import PrebuiltLoader
package import SystemPackage

/// Carries out a plan: loads the inputs once, lays out each image, writes it.
package struct ImageBuilder {
    private let plan: BuildPlan
    let inputs: BuildInputs
    /// The program that UEFI firmware starts on each architecture, signed if the plan says so.
    private let uefiLoaders: [(name: String, bytes: [UInt8])]

    /// Opens and checks every input; without `fileSystems`, the partitions that libguestfs fills
    /// stay empty.
    package init(
        _ plan: BuildPlan, _ kernels: KernelFiles, fileSystems: FileSystems?
    ) throws(BuildError) {
        self.plan = plan
        let inputs = try BuildInputs(plan, kernels, fileSystems: fileSystems)
        self.inputs = inputs
        let loaded = plan.card == nil ? plan.content.kernels : []
        uefiLoaders = try loaded.map { _, architecture throws(BuildError) in
            let bytes = PrebuiltLoaders.uefi(for: architecture)
            let signed = try plan.signing.map { identity throws(BuildError) in
                let digests = LoaderDigests(
                    digests: try inputs.loaderDigests(on: architecture),
                    buildNumber: plan.buildNumber)
                return try LoaderSigner(identity: identity, time: plan.timestamp.utcTime)
                    .sign(bytes, digests)
            }
            return (architecture.uefiLoaderName, signed ?? bytes)
        }
    }

    /// The oddities of the plan and the kernels that do not prevent booting.
    package var warnings: [BuildWarning] {
        plan.warnings
            + zip(plan.content.kernels, inputs.kernels).flatMap { file, kernel in
                kernel.warnings.map { .kernel(file.path, $0) }
            }
    }

    /// Plans an image of that kind to the last byte.
    package func layOut(_ kind: ImageKind) throws(BuildError) -> ImageLayout {
        switch kind {
        case .bios: try attempt(biosImage.layOut(), orThrow: layoutError)
        case .uefi, .hybrid, .disc: try attempt(efiImage(kind).layOut(), orThrow: layoutError)
        case .raspi3, .raspi4, .raspi5: try attempt(cardImage.layOut(), orThrow: layoutError)
        }
    }

    /// Plans the folder for a TFTP server.
    package func layOutNetworkFolder() throws(BuildError) -> FolderLayout {
        let loaders = uefiLoaders.map { EFIImage.File(path: $0.name, content: .bytes($0.bytes)) }
        // The loader would load what an earlier build left there.
        let absentNames = plan.content.reservedNames.filter { name in
            !inputs.items.contains { $0.path == name }
        }
        return try attempt(
            FolderLayout(files: loaders + inputs.items.map(\.file), absentNames: absentNames),
            orThrow: layoutError)
    }

    private func layoutError(_ error: LayoutError) -> BuildError {
        .layout(error, plan.content.source(of: error))
    }

    /// Writes an image; the output holds its old content or the image, whatever fails.
    package func write(_ layout: ImageLayout, to path: FilePath) throws(BuildError) {
        try writing(writer.write(layout, to: path))
    }

    /// Writes an image and keeps it open; it has no name if its folder takes no new files.
    package func writeKeepingOpen(
        _ layout: ImageLayout, to path: FilePath
    ) throws(BuildError) -> (file: FileDescriptor, hasName: Bool) {
        try writing(writer.writeKeepingOpen(layout, to: path))
    }

    /// Creates a file that will replace an output; no input can be one.
    func stage(_ output: FilePath) throws(BuildError) -> AtomicFile {
        try attempt(writer.stage(output), orThrow: BuildError.writing)
    }

    /// Writes an image into such a file.
    package func write(_ layout: ImageLayout, into file: borrowing AtomicFile) throws(BuildError) {
        try writing(writer.write(layout, into: file))
    }

    /// Writes a folder; each file holds its old content or the new one, whatever fails.
    package func write(_ layout: FolderLayout, to path: FilePath) throws(BuildError) {
        try writing(writer.write(layout, to: path))
    }

    private var writer: ImageWriter {
        ImageWriter(inputs: inputs.files, isDurable: plan.isDurable)
    }

    private func writing<Value>(
        _ write: @autoclosure () throws(WriteError) -> Value
    ) throws(BuildError) -> Value {
        // A limit on the size of files then fails like any other write.
        try attempt(ignoring(SIGXFSZ, write), orThrow: BuildError.writing)
    }

    private var biosImage: BIOSImage {
        let items = inputs.items(on: .x86_64)
        return BIOSImage(
            loader: PrebuiltLoaders.bios,
            payload: items.map { PayloadItem(kind: $0.payloadKind, content: $1.content) },
            identity: ImageIdentity(
                biosLoader: ContentDigest(ofBIOSLoader: PrebuiltLoaders.bios),
                payload: items.map { ($0.payloadKind, $1.digest) }),
            minimum: plan.imageSize)
    }

    private var cardImage: CardImage {
        CardImage(
            files: inputs.items.map(\.file),
            identity: ImageIdentity(
                files: inputs.items.map { ($0.path, $0.digest) }, biosLoader: nil),
            timestamp: plan.timestamp, label: plan.volumeLabel, minimum: plan.imageSize)
    }

    private func efiImage(_ kind: ImageKind) -> EFIImage {
        let medium: EFIImage.Medium =
            switch kind {
            case .disc: .disc(biosBoot)
            case .hybrid: .hybrid(biosBoot)
            default: .disk(plan.sectorSize)
            }
        let loaders = uefiLoaders.map { name, bytes in
            BuildInputs.Item(
                role: nil, path: "EFI/BOOT/" + name, content: .bytes(bytes),
                digest: ContentDigest(of: bytes))
        }
        let items = loaders + inputs.items
        return EFIImage(
            files: items.map(\.file),
            identity: ImageIdentity(
                files: items.map { ($0.path, $0.digest) },
                biosLoader: kind.firmwares.contains(.bios)
                    ? ContentDigest(ofBIOSLoader: PrebuiltLoaders.bios) : nil),
            timestamp: plan.timestamp, medium: medium,
            volume: EFIImage.Volume(
                plan.fatType ?? defaultFATType(of: kind), label: plan.volumeLabel,
                minimum: plan.espSize),
            minimum: plan.imageSize, partitions: inputs.partitions)
    }

    /// FAT32; on a disc FAT16 while it has room, because El Torito describes small volumes only.
    private func defaultFATType(of kind: ImageKind) -> FATType {
        let byteCount = inputs.items.reduce(plan.espSize) { $0 + $1.content.byteCount }
        return kind == .disc && byteCount <= .mebibytes(1024) ? .fat16 : .fat32
    }

    /// The BIOS loader, which loads the files that the UEFI loader finds by name.
    private var biosBoot: BIOSBoot {
        BIOSBoot(
            loader: PrebuiltLoaders.bios,
            files: inputs.items(on: .x86_64).map {
                LoaderFile(path: $1.path, kind: $0.payloadKind)
            },
            isProtectiveEntryActive: plan.activeProtectiveMBR)
    }
}

extension FileRole {
    /// The file's kind in the payload header.
    var payloadKind: PayloadKind {
        switch self {
        case .kernel: .kernel
        case .ramdisk: .ramdisk
        case .bootConfiguration: .bootConfiguration
        case .parameters: .parameters
        case .module(let index): .module(index)
        }
    }
}

extension KernelContent {
    /// The file that the error concerns; the kernel if it concerns them all.
    func source(of error: LayoutError) -> FilePath {
        switch error {
        case .badPath(let path, _, _), .duplicatePath(let path, _), .fileIsFolder(let path, _),
            .confusable(let path, _, _), .fileTooLong(let path, _, _):
            let extraFile = extraFiles.last { $0.destination == path }
            let directory = directories.last {
                $0.destination == "/" || path.hasPrefix($0.destination + "/")
            }
            let loaded = kernels.first { $0.architecture.uefiKernelName == path }?.path
            let role = FileRole.allCases.first { $0.uefiFileName(on: architecture) == path }
            return extraFile?.source ?? directory?.source ?? loaded ?? source(of: role)
        case .payloadItemTooLong(let kind, _, _):
            return source(of: FileRole.allCases.first { $0.payloadKind == kind })
        default:
            return kernel
        }
    }

    private func source(of role: FileRole?) -> FilePath {
        switch role {
        case .ramdisk: ramdisk ?? kernel
        case .bootConfiguration: bootConfiguration ?? kernel
        case .module(let index): modules[index].path
        case .kernel, .parameters, nil: kernel
        }
    }
}

/// The loaders, which are part of the program.
enum PrebuiltLoaders {
    /// Boot sector and second part.
    static var bios: [UInt8] {
        Array(UnsafeBufferPointer(start: prebuilt_bios_loader, count: prebuilt_bios_loader_size))
    }

    /// A PE image for EFI/BOOT.
    static func uefi(for architecture: Architecture = .x86_64) -> [UInt8] {
        let (start, count) =
            switch architecture {
            case .x86_64: (prebuilt_uefi_loader, prebuilt_uefi_loader_size)
            case .aarch64: (prebuilt_aarch64_loader, prebuilt_aarch64_loader_size)
            }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }
}
