package import BootImageKit
import DiskImage
package import ELFKit
package import GuestKit

extension Settings {
    package var imageKind: ImageKind? { word(.firmware).flatMap(ImageKind.init(rawValue:)) }
    package var bootProtocol: BootProtocol? {
        word(.bootProtocol).flatMap(BootProtocol.init(rawValue:))
    }

    /// Fills the unset options from the settings that apply to the requested images.
    package func filling(_ given: BuildOptions) -> BuildOptions {
        var options = given
        let writesImages = given.asksForImages
        if writesImages, options.kinds.isEmpty { options.kinds = imageKind.map { [$0] } ?? [] }
        options.content.ramdisk = options.content.ramdisk ?? path(.ramdisk)
        options.content.bootConfiguration = options.content.bootConfiguration ?? path(.bootConfig)
        options.content.commandLine = options.content.commandLine ?? word(.commandLine)
        options.content.bootProtocol = options.content.bootProtocol ?? bootProtocol
        if options.content.modules.isEmpty { options.content.modules = modules }
        options.content.keepsDebugInfo = options.content.keepsDebugInfo || flag(.keepDebugInfo)
        let writesESP =
            writesImages && (options.kinds.isEmpty || options.kinds.contains(where: \.hasESP))
        if writesESP || options.pxeDirectory != nil {
            if options.content.extraFiles.isEmpty {
                options.content.extraFiles = files(.files)
                options.content.fileOption = .filesTable
            }
            if options.content.directories.isEmpty {
                options.content.directories = files(.directories)
                options.content.directoryOption = .directoriesTable
            }
            options.signKey = options.signKey ?? path(.signKey)
            options.signCertificate = options.signCertificate ?? path(.signCert)
        }
        if writesESP {
            options.partitions = partitions
            options.espSize = options.espSize ?? size(.espSize)
            options.volumeLabel = options.volumeLabel ?? word(.volumeLabel)
            options.espFAT = options.espFAT ?? number(.espFAT).flatMap(FATType.init(rawValue:))
        }
        if writesImages { options.imageSize = options.imageSize ?? size(.imageSize) }
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

    /// Fills the unset fields of a machine from the settings.
    package func filling(_ given: MachineRequest) -> MachineRequest {
        var request = given
        request.memory = given.memory ?? word(.memory).flatMap(MemorySize.init(argument:))
        request.processorCount = given.processorCount ?? number(.cpus)
        request.chipset = given.chipset ?? word(.machine).flatMap(Machine.Chipset.init(rawValue:))
        request.disk = given.disk ?? word(.disk).flatMap(Machine.Disk.init(rawValue:))
        return request
    }

    /// The machine's architecture, if the request or the settings choose a machine.
    package func architecture(for given: MachineRequest = MachineRequest()) -> Architecture? {
        filling(given).chipset?.architecture
    }
}
