package import DiskImage
package import ELFKit
package import SystemPackage

/// How build options contradict each other, or the content.
package enum PlanError: Error, Equatable, Sendable {
    /// An image takes one kernel for each architecture.
    case twoKernels(FilePath, FilePath, Architecture)
    /// The image boots on BIOS, and the kernel's machines have none.
    case noBIOS(ImageKind, kernel: FilePath, Architecture)
    /// One output path for images of several kinds, or with a folder or a name beside it.
    case severalImages
    /// One output path for several formats.
    case severalFormats
    /// A disc boots on both firmwares, and others were chosen.
    case discNotHybrid
    /// Not a file name.
    case badName(String)
    case namelessKernel(FilePath)
    /// 4096-byte sectors on an image that also boots on BIOS.
    case sectorSizeNeedsUEFI(SectorSize)
    /// Not a whole number of seconds since 1970.
    case badSourceDateEpoch(String)
    /// An active protective entry without a hybrid image.
    case noHybridImage
    /// A property of the EFI system partition, and no image with one.
    case noESP(ESPOption)
    /// A least size, and no image.
    case noImage
    /// Files, and no image with a file system.
    case noFileSystem(ContentOption)
    case keyWithoutCertificate
    case certificateWithoutKey
    /// A key, and no UEFI loader to sign.
    case nothingToSign
    /// Outside ``BuildPlan/buildNumbers``.
    case badBuildNumber(UInt64)
    /// A build number, and no key that signs it.
    case buildNumberNotSigned
    /// The board's image is a card with the kernel alone, which the option does not concern.
    case notForBoard(Board, BoardConflict)
    /// Neither the folder with the vendor's files nor the wish to omit them, or both.
    case noBoardFirmware(Board)
    case boardFirmwareTwice
    /// The vendor's files, or their omission, without a board.
    case noBoard
    /// A line for `config.txt` is too long or has control characters.
    case badBoardLine(String)
    /// The path of a file on a card is one that the card has anyway.
    case reservedOnCard(ExtraFile, ContentOption)
    /// The path of a file in the image is one that the loader uses itself.
    case reservedName(ExtraFile, ContentOption)
    /// Control characters in the command line.
    case badCommandLine(String)
    /// Control characters in a module's name or string.
    case badModule(KernelContent.Module)
    case tooManyModules(found: Int, allowed: Int)
    /// The manifest has the name of the checksums beside it.
    case manifestIsChecksums(FilePath)
    /// The manifest names outputs in its own folder and below; `suggestion` would do.
    case outputOutsideManifest(FilePath, output: FilePath, suggestion: FilePath)
    /// The manifest's path, or that of its checksums, is also an output's.
    case manifestIsOutput(FilePath, output: FilePath)

    /// A property of the EFI system partition, or of what follows it.
    package enum ESPOption: Equatable, Sendable {
        case fat(FATType)
        case size(ByteCount)
        case label(String)
        case partitions
    }

    /// What a card does not have.
    package enum BoardConflict: Equatable, Sendable {
        case firmware, disc, networkFolder, secondKernel
        /// Properties of the image.
        case sectorSize, fatType, espSize, activeEntry, partitions
        /// What only a loader does.
        case signature, secureBoot, buildNumber, loaderSettings, modules, bootProtocol
        case debugInformation
    }

    /// A way to put the user's own files into an image.
    package enum ContentOption: Equatable, Sendable {
        case files, directories
        /// The tables of `bootimage.toml`.
        case filesTable, directoriesTable, partitions
    }
}

/// Something that does not prevent the image from booting, but may surprise.
package enum BuildWarning: Equatable, Sendable {
    /// The output omits what this option adds: a BIOS image has no file system.
    case omits(FilePath, PlanError.ContentOption)
    /// The output is not signed: BIOS verifies nothing.
    case notSigned(FilePath)
    case kernel(FilePath, ELFWarning)
}
