import DiskImage
import SystemPackage

/// What was asked for, before anything is decided.
struct BuildOptions: Equatable, Sendable {
    var content: KernelContent
    /// Empty: the usual.
    var kinds: [ImageKind] = []
    var outputDirectory: FilePath?
    var output: FilePath?
    var name: String?
    var pxeDirectory: FilePath?
    /// The length of a sector on the disk that the images are for.
    ///
    /// nil: the usual.
    var sectorSize: SectorSize?
    /// What the EFI system partition is; nil: the usual.
    var espFAT: FATType?
    /// What signs the loader for UEFI.
    var signKey: FilePath?
    var signCertificate: FilePath?
    /// The keys of a machine that starts only what is signed: with db, unless others are named.
    var secureBootKeys: KeyFolder?
    /// The value of the environment variable of that name: seconds since 1970.
    var sourceDateEpoch: String?
    /// Whether a hybrid image tells BIOSes that it can be started where they look for it.
    var activeProtectiveMBR = false
    /// What each image is written as; empty: raw.
    var formats: [ImageFormat] = []
    var compression: Compression?
    /// Where to tell what was built from what.
    var manifest: FilePath?
    /// The EFI system partition's name; nil: the usual.
    var volumeLabel: String?
    /// The EFI system partition's size and the image's, at least.
    var espSize: ByteCount?
    var imageSize: ByteCount?
    /// What follows the EFI system partition.
    var partitions: [PartitionRequest] = []
}

extension BuildOptions {
    /// A folder for a TFTP server is all that is written, unless an option is about images.
    var asksForImages: Bool {
        pxeDirectory == nil || !kinds.isEmpty || outputDirectory != nil || output != nil
            || name != nil || !formats.isEmpty || compression != nil
    }
}
