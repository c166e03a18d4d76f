import DiskImage

extension Settings {
    /// What shall boot the kernel, if the settings say it.
    var firmware: Firmware? { word(.firmware).flatMap(Firmware.init(rawValue:)) }

    /// The options with the settings where they say nothing, as far as the images that they ask for
    /// have a use for them.
    func filling(_ given: BuildOptions) -> BuildOptions {
        var options = given
        if options.firmware.isEmpty { options.firmware = firmware.map { [$0] } ?? [] }
        fill(&options.content)
        let writesESP = options.firmware.isEmpty || options.firmware.contains(.uefi)
        if options.content.extraFiles.isEmpty, writesESP || options.pxeDirectory != nil {
            options.content.extraFiles = files
        }
        if writesESP, options.espFAT == nil {
            options.espFAT = number(.espFAT).flatMap(FATType.init(rawValue:))
        }
        if options.firmware == [.uefi], options.sectorSize == nil {
            options.sectorSize = number(.sectorSize).flatMap(SectorSize.init(rawValue:))
        }
        return options
    }

    /// The same, and where images go, if no option says it.
    func fillingWithPlaces(_ given: BuildOptions) -> BuildOptions {
        var options = filling(given)
        guard options.output == nil, options.pxeDirectory == nil else { return options }
        options.outputDirectory = options.outputDirectory ?? path(.outputDirectory)
        options.name = options.name ?? word(.name)
        return options
    }

    private func fill(_ content: inout KernelContent) {
        content.ramdisk = content.ramdisk ?? path(.ramdisk)
        content.bootConfiguration = content.bootConfiguration ?? path(.bootConfig)
        content.keepsDebugInfo = content.keepsDebugInfo || flag(.keepDebugInfo)
    }
}
