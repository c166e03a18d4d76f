import DiskImage
import ELFKit
import PrebuiltLoader
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Carries a plan out: loads the inputs once, lays each image out, writes it.
struct ImageBuilder {
    private let plan: BuildPlan
    private let inputs: BuildInputs

    /// Opens and checks every input.
    init(_ plan: BuildPlan) throws(Failure) {
        self.plan = plan
        inputs = try BuildInputs(plan)
    }

    /// What is odd about the kernel without keeping it from booting.
    var warnings: [String] { inputs.kernel.warnings.map { "\(plan.kernel): \($0)" } }

    /// The image for a firmware, as a pure value.
    func layOut(_ firmware: Firmware) throws(Failure) -> ImageLayout {
        do throws(LayoutError) {
            switch firmware {
            case .bios: return try biosImage.layOut()
            case .uefi: return try efiImage.layOut()
            }
        } catch {
            throw Failure(.badInput, "\(plan.kernel): \(error)")
        }
    }

    /// What a TFTP server serves, as a pure value.
    var networkFolder: FolderLayout {
        let loader = FolderLayout.File("BOOTX64.EFI", .bytes(PrebuiltLoaders.uefi))
        let files = inputs.contents.map { FolderLayout.File($0.role.uefiFileName, $0.content) }
        // The loader would take what another build has left.
        let absentRoles = BuildInputs.Role.allCases.filter { role in
            !inputs.contents.contains { $0.role == role }
        }
        return FolderLayout(
            files: [loader] + files, absentNames: absentRoles.map(\.uefiFileName))
    }

    /// Writes an image; the output is the old file or the new one, whatever happens.
    func write(_ layout: ImageLayout, to path: FilePath) throws(Failure) {
        try write { writer throws(WriteError) in try writer.write(layout, to: path) }
    }

    /// Writes a folder; each file in it is the old one or the new one, whatever happens.
    func write(_ layout: FolderLayout, to path: FilePath) throws(Failure) {
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
        BIOSImage(
            loader: PrebuiltLoaders.bios,
            payload: inputs.contents.map {
                PayloadItem(kind: $0.role.payloadKind, content: $0.content)
            },
            identity: inputs.identity)
    }

    private var efiImage: EFIImage {
        let loader = EFIImage.File(
            path: "EFI/BOOT/BOOTX64.EFI", content: .bytes(PrebuiltLoaders.uefi))
        let files = inputs.contents.map {
            EFIImage.File(path: $0.role.uefiFileName, content: $0.content)
        }
        return EFIImage(
            files: [loader] + files, identity: inputs.identity, timestamp: plan.timestamp)
    }
}

extension BuildInputs.Role {
    /// How the BIOS loader finds the file.
    fileprivate var payloadKind: PayloadKind {
        switch self {
        case .kernel: .kernel
        case .ramdisk: .ramdisk
        case .bootConfiguration: .bootConfiguration
        }
    }

    /// How the UEFI loader finds the file.
    fileprivate var uefiFileName: String {
        switch self {
        case .kernel: "kernel-x86_64"
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot.json"
        }
    }
}
