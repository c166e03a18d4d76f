package import DiskImage
package import SystemPackage

/// What was asked for, before anything is decided.
package struct BuildOptions: Equatable, Sendable {
    package var content: KernelContent
    /// Empty: the usual.
    package var kinds: [ImageKind] = []
    package var outputDirectory: FilePath?
    package var output: FilePath?
    package var name: String?
    package var pxeDirectory: FilePath?
    /// The length of a sector on the disk that the images are for.
    ///
    /// nil: the usual.
    package var sectorSize: SectorSize?
    /// What the EFI system partition is; nil: the usual.
    package var espFAT: FATType?
    /// What signs the loader for UEFI.
    package var signKey: FilePath?
    package var signCertificate: FilePath?
    /// The keys of a machine that starts only what is signed: with db, unless others are named.
    package var secureBootKeys: KeyFolder?
    /// The value of the environment variable of that name: seconds since 1970.
    var sourceDateEpoch: String?
    /// Whether a hybrid image tells BIOSes that it can be started where they look for it.
    var activeProtectiveMBR = false
    /// What each image is written as; empty: raw.
    package var formats: [ImageFormat] = []
    package var compression: Compression?
    /// Where to tell what was built from what.
    package var manifest: FilePath?
    /// The EFI system partition's name; nil: the usual.
    package var volumeLabel: String?
    /// The EFI system partition's size and the image's, at least.
    package var espSize: ByteCount?
    package var imageSize: ByteCount?
    /// What follows the EFI system partition.
    package var partitions: [PartitionRequest] = []

    package init(
        content: KernelContent, kinds: [ImageKind] = [], outputDirectory: FilePath? = nil,
        output: FilePath? = nil, name: String? = nil, pxeDirectory: FilePath? = nil,
        sectorSize: SectorSize? = nil, espFAT: FATType? = nil, signKey: FilePath? = nil,
        signCertificate: FilePath? = nil, secureBootKeys: KeyFolder? = nil,
        sourceDateEpoch: String? = nil, activeProtectiveMBR: Bool = false,
        formats: [ImageFormat] = [], compression: Compression? = nil, manifest: FilePath? = nil,
        volumeLabel: String? = nil, espSize: ByteCount? = nil, imageSize: ByteCount? = nil,
        partitions: [PartitionRequest] = []
    ) {
        self.content = content
        self.kinds = kinds
        self.outputDirectory = outputDirectory
        self.output = output
        self.name = name
        self.pxeDirectory = pxeDirectory
        self.sectorSize = sectorSize
        self.espFAT = espFAT
        self.signKey = signKey
        self.signCertificate = signCertificate
        self.secureBootKeys = secureBootKeys
        self.sourceDateEpoch = sourceDateEpoch
        self.activeProtectiveMBR = activeProtectiveMBR
        self.formats = formats
        self.compression = compression
        self.manifest = manifest
        self.volumeLabel = volumeLabel
        self.espSize = espSize
        self.imageSize = imageSize
        self.partitions = partitions
    }
}

extension BuildOptions {
    /// A folder for a TFTP server is all that is written, unless an option is about images.
    package var asksForImages: Bool {
        pxeDirectory == nil || !kinds.isEmpty || outputDirectory != nil || output != nil
            || name != nil || !formats.isEmpty || compression != nil
    }
}
