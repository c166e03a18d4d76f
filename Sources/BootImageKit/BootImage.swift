import DiskImage
public import ELFKit
import SystemPackage

/// Plans disk images that boot a kernel.
public enum BootImage {
    /// A file that the loader places in memory for the kernel.
    public struct Module: Equatable, Sendable {
        /// The file; its last part is the name that the kernel is told.
        public var path: String
        /// What the kernel is told about it, without control characters.
        public var string: String

        /// A module from that file.
        public init(path: String, string: String = "") {
            (self.path, self.string) = (path, string)
        }
    }

    /// The contents of an image besides its kernel, and its properties.
    public struct Options: Equatable, Sendable {
        /// Kernels for other architectures, which the same image boots on their machines.
        public var otherKernels: [String] = []
        /// The file whose bytes the kernel gets as its RAM disk.
        public var ramdisk: String?
        /// The loader settings, a boot.json of at most 64 KiB.
        public var bootConfiguration: String?
        /// The kernel's command line, without control characters.
        public var commandLine: String?
        /// Files that the loader places in memory for the kernel, at most 11.
        public var modules: [Module] = []
        /// More files for the EFI system partition, by their paths from its root.
        ///
        /// Names in a path have slashes between them. Images for BIOS alone cannot hold files.
        public var files: [String: String] = [:]
        /// Whether the kernel's debug sections stay in.
        public var keepsDebugInfo = false
        /// The boot protocol; the first one that the kernel asks for if nil.
        public var bootProtocol: BootProtocol?
        /// The time of all files in the image, in seconds since 1970; 1980-01-01 if nil.
        ///
        /// Nothing else in an image depends on a clock: the same contents and time give the same
        /// bytes.
        public var timestamp: Int64?
        /// The EFI system partition's label: 1…11 capitals, digits or punctuation.
        public var volumeLabel: String?
        /// The least size of the image in bytes, less than 2 TiB; sizes are whole MiB, on a card
        /// powers of two.
        public var minimumByteCount: UInt64?
        /// The folder with the vendor's boot files for a card; a card without them if nil.
        public var boardFirmware: String?
        /// The last lines of a card's `config.txt`.
        public var boardConfiguration: [String] = []

        /// The default options.
        public init() {}
    }

    /// Plans the image of a kernel, to the last byte; writes nothing.
    ///
    /// The kernel's ELF header and tables are checked by the rules of the loader.
    ///
    /// - Parameters:
    ///   - kernel: The path of an ELF file for x86-64 or AArch64.
    ///   - firmware: The firmware or the board that boots the image; AArch64 has UEFI and boards.
    ///   - options: The other contents.
    /// - Returns: The plan, which holds the input files open.
    /// - Throws: ``BootImageError`` if a file is missing, if the loader would refuse the kernel, or
    ///   if the contents do not fit.
    public static func plan(
        kernel: String, firmware: ImageKind, options: Options = Options()
    ) throws(BootImageError) -> ImagePlan {
        do throws(BuildError) {
            let kernels = try KernelFiles(
                [FilePath(kernel)] + options.otherKernels.map { FilePath($0) },
                as: options.bootProtocol)
            var build = options.build(of: FilePath(kernel))
            build.content = kernels.content(build.content)
            if let board = firmware.board {
                build.board = board
                build.omitsFirmware = options.boardFirmware == nil
            } else if firmware == .disc {
                build.formats = [.iso]
            } else {
                build.kinds = [firmware]
            }
            let plan = try attempt(BuildPlan(build), orThrow: BuildError.plan)
            return try ImagePlan(plan, kernels, firmware)
        } catch {
            throw BootImageError(error)
        }
    }
}

extension BootImage.Options {
    fileprivate func build(of kernel: FilePath) -> BuildOptions {
        var build = BuildOptions(content: KernelContent(kernel: kernel))
        build.content.ramdisk = ramdisk.map { FilePath($0) }
        build.content.bootConfiguration = bootConfiguration.map { FilePath($0) }
        build.content.commandLine = commandLine
        build.content.modules = modules.map {
            KernelContent.Module(path: FilePath($0.path), string: $0.string)
        }
        build.content.extraFiles = files.sorted { $0.key < $1.key }.map {
            ExtraFile(destination: $0.key, source: FilePath($0.value))
        }
        build.content.keepsDebugInfo = keepsDebugInfo
        build.content.bootProtocol = bootProtocol
        build.sourceDateEpoch = timestamp.map { "\($0)" }
        build.volumeLabel = volumeLabel
        build.imageSize = minimumByteCount.map { ByteCount($0) }
        build.firmwareDirectory = boardFirmware.map { FilePath($0) }
        build.boardConfiguration = boardConfiguration
        return build
    }
}

/// An image, planned to the last byte.
///
/// It holds its input files open. `description` is a table of the image's regions: first and last
/// sector, bytes, name.
public struct ImagePlan: CustomStringConvertible {
    /// The firmware that boots the image.
    public let firmware: ImageKind
    private let builder: ImageBuilder
    private let layout: ImageLayout

    fileprivate init(
        _ plan: BuildPlan, _ kernels: KernelFiles, _ firmware: ImageKind
    ) throws(BuildError) {
        self.firmware = firmware
        builder = try ImageBuilder(plan, kernels, fileSystems: nil)
        layout = try builder.layOut(firmware)
    }

    /// The image's exact size in bytes, a whole number of MiB.
    public var byteCount: UInt64 { layout.byteCount.value }

    /// The image's regions.
    public var description: String { "\(layout)" }

    /// Writes the image.
    ///
    /// The output holds its old content or the whole image, whatever fails. A symbolic link is
    /// followed. Regions without content become holes where the file system supports them.
    ///
    /// - Throws: ``BootImageError`` if the output cannot be created, is one of the inputs, or is a
    ///   folder or a device, and if an input changed after it was planned.
    public func write(to output: String) throws(BootImageError) {
        try attempt(builder.write(layout, to: FilePath(output)), orThrow: BootImageError.init)
    }
}

extension BootImage {
    /// Detects whether a file is an image or a kernel, and inspects it.
    ///
    /// An image may be damaged, and made by any tool. If `llvm-objdump` is on `PATH`, the code of a
    /// kernel for x86-64 is searched for what interrupts break. Nothing is written.
    ///
    /// - Parameter file: The path of a raw disk image, a block device, or an ELF file.
    /// - Returns: A value with all structures. Encoded, it has the keys that
    ///   `bootimage inspect --json` prints.
    /// - Throws: ``InspectionError`` if the file cannot be read, is compressed or is a container.
    public static func inspect(_ file: String) throws(InspectionError) -> FileInspection {
        try FileInspection(of: FilePath(file))
    }

    /// Checks whether an image is sound: partition tables, volumes, loaders, payload, kernels,
    /// signatures.
    ///
    /// `openssl` verifies signatures; if it is not on `PATH`, the report says so in a warning.
    ///
    /// - Parameters:
    ///   - image: The path of a raw disk image or a block device.
    ///   - certificates: The paths of certificates, in PEM or DER. With any, each UEFI loader must
    ///     be signed with the key of one, or of a certificate that one of them issued. Expired ones
    ///     count, as for firmware.
    /// - Returns: The verdict, every finding with its offset in bytes, and the contents; encoded,
    ///   it has the keys of `bootimage verify --json`.
    /// - Throws: ``InspectionError`` if the image or a certificate cannot be read, or if there are
    ///   certificates and no `openssl`.
    public static func verify(
        _ image: String, certificates: [String] = []
    ) throws(InspectionError) -> ImageReport {
        try ImageReport(
            verifying: FilePath(image), certificates: certificates.map { FilePath($0) })
    }
}
