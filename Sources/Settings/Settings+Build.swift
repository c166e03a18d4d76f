package import BootImageKit
import DiskImage

extension Settings {
    /// The image's firmware, if set.
    package var imageKind: ImageKind? { word(.firmware).flatMap(ImageKind.init(rawValue:)) }

    /// Fills the unset options from the settings that apply to the requested images.
    package func filling(_ given: BuildOptions) -> BuildOptions {
        var options = given
        let writesImages = given.asksForImages
        if writesImages, options.kinds.isEmpty { options.kinds = imageKind.map { [$0] } ?? [] }
        fill(&options.content)
        let writesESP =
            writesImages && (options.kinds.isEmpty || options.kinds.contains(where: \.hasESP))
        if options.content.extraFiles.isEmpty, writesESP || options.pxeDirectory != nil {
            options.content.extraFiles = files
        }
        if options.content.directories.isEmpty, writesESP || options.pxeDirectory != nil {
            options.content.directories = directories
        }
        if writesESP {
            options.partitions = partitions
            options.espSize = options.espSize ?? size(.espSize)
            options.volumeLabel = options.volumeLabel ?? word(.volumeLabel)
        }
        if writesImages { options.imageSize = options.imageSize ?? size(.imageSize) }
        if writesESP || options.pxeDirectory != nil {
            options.signKey = options.signKey ?? path(.signKey)
            options.signCertificate = options.signCertificate ?? path(.signCert)
        }
        if writesESP, options.espFAT == nil {
            options.espFAT = number(.espFAT).flatMap(FATType.init(rawValue:))
        }
        if options.kinds == [.uefi], options.sectorSize == nil {
            options.sectorSize = number(.sectorSize).flatMap(SectorSize.init(rawValue:))
        }
        return options
    }

    /// Like ``filling(_:)``, with output folder, name, formats and compression as well.
    package func fillingWithPlaces(_ given: BuildOptions) -> BuildOptions {
        var options = filling(given)
        guard options.output == nil, options.pxeDirectory == nil else { return options }
        options.outputDirectory = options.outputDirectory ?? path(.outputDirectory)
        options.name = options.name ?? word(.name)
        if options.formats.isEmpty {
            options.formats = (words(.format) ?? []).compactMap(ImageFormat.init(rawValue:))
        }
        options.compression =
            options.compression ?? word(.compress).flatMap(Compression.init(rawValue:))
        return options
    }

    private func fill(_ content: inout KernelContent) {
        content.ramdisk = content.ramdisk ?? path(.ramdisk)
        content.bootConfiguration = content.bootConfiguration ?? path(.bootConfig)
        content.keepsDebugInfo = content.keepsDebugInfo || flag(.keepDebugInfo)
    }
}
