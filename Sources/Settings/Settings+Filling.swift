package import BootImageKit
package import DiskImage
package import ELFKit
package import GuestKit

extension Settings {
    package var imageKind: ImageKind? { word(.firmware).flatMap(ImageKind.init(rawValue:)) }
    package var bootProtocol: BootProtocol? {
        word(.bootProtocol).flatMap(BootProtocol.init(rawValue:))
    }
    package var board: Board? { word(.board).flatMap(Board.init(rawValue:)) }

    /// Fills the unset options from the settings that apply to the requested images.
    package func filling(_ given: BuildOptions) -> BuildOptions {
        var options = given
        let writesImages = given.asksForImages
        if writesImages, given.kinds.isEmpty, given.board == nil {
            (options.board, options.kinds) = (board, imageKind.map { [$0] } ?? [])
        }
        options.content.ramdisk = options.content.ramdisk ?? path(.ramdisk)
        options.content.commandLine = options.content.commandLine ?? word(.commandLine)
        if options.board == nil { fillLoader(&options.content) } else { fillCard(&options) }
        let writesESP =
            writesImages && options.board == nil
            && (options.kinds.isEmpty || options.kinds.contains(where: \.hasESP))
        if writesESP || options.board != nil || options.pxeDirectory != nil {
            if options.content.extraFiles.isEmpty {
                options.content.extraFiles = files(.files)
                options.content.fileOption = .filesTable
            }
            if options.content.directories.isEmpty {
                options.content.directories = files(.directories)
                options.content.directoryOption = .directoriesTable
            }
        }
        if writesESP || options.board == nil && options.pxeDirectory != nil {
            options.signKey = options.signKey ?? path(.signKey)
            options.signCertificate = options.signCertificate ?? path(.signCert)
        }
        if writesESP {
            options.partitions = partitions
            options.espSize = options.espSize ?? size(.espSize)
            options.espFAT = options.espFAT ?? number(.espFAT).flatMap(FATType.init(rawValue:))
        }
        if writesESP || options.board != nil {
            options.volumeLabel = options.volumeLabel ?? word(.volumeLabel)
        }
        if writesImages { options.imageSize = options.imageSize ?? size(.imageSize) }
        if options.kinds == [.uefi], options.sectorSize == nil {
            options.sectorSize = number(.sectorSize).flatMap(SectorSize.init(rawValue:))
        }
        return options
    }

    /// Fills what only a loader reads.
    private func fillLoader(_ content: inout KernelContent) {
        content.bootConfiguration = content.bootConfiguration ?? path(.bootConfig)
        content.bootProtocol = content.bootProtocol ?? bootProtocol
        if content.modules.isEmpty { content.modules = modules }
        content.keepsDebugInfo = content.keepsDebugInfo || flag(.keepDebugInfo)
    }

    /// Fills what only a board's firmware reads.
    private func fillCard(_ options: inout BuildOptions) {
        if !options.omitsFirmware {
            options.firmwareDirectory = options.firmwareDirectory ?? path(.firmwareDirectory)
        }
        options.boardConfiguration = boardConfiguration
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
        // A board has other defaults than these settings.
        if self[.memory]?.origin != .byDefault {
            request.memory = given.memory ?? word(.memory).flatMap(MemorySize.init(argument:))
        }
        if self[.cpus]?.origin != .byDefault {
            request.processorCount = given.processorCount ?? number(.cpus)
        }
        request.chipset = given.chipset ?? word(.machine).flatMap(Machine.Chipset.init(rawValue:))
        request.disk = given.disk ?? word(.disk).flatMap(Machine.Disk.init(rawValue:))
        return request
    }

    /// The machine's architecture, if the request or the settings choose a machine.
    package func architecture(for given: MachineRequest = MachineRequest()) -> Architecture? {
        filling(given).chipset?.architecture
    }
}
