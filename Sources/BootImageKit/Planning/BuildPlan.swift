package import DiskImage
package import SystemPackage

/// The images to build, their contents and their places: a pure value.
package struct BuildPlan: Equatable, Sendable {
    /// One file: an image for a firmware, raw or in a container, compressed or not.
    package struct Output: Equatable, Sendable {
        package var kind: ImageKind
        package var format = ContainerFormat.raw
        package var compression: Compression?
        package var path: FilePath

        /// The names of the firmware and the format in a manifest.
        var firmwareName: String { (kind == .disc ? .hybrid : kind).rawValue }
        var formatName: String { kind == .disc ? ImageFormat.iso.rawValue : format.rawValue }

        /// Whether the file holds the disk's bytes as they are.
        var isRawFile: Bool { format == .raw && compression == nil }
    }

    package var content: KernelContent
    var timestamp: FATTimestamp
    package var sectorSize: SectorSize
    /// The EFI system partition's type of FAT; nil for the image's default.
    var fatType: FATType?
    package var volumeLabel: String
    package var espSize: ByteCount
    package var imageSize: ByteCount
    package var partitions: [PartitionRequest]
    package var outputs: [Output]
    package var pxeDirectory: FilePath?
    var activeProtectiveMBR: Bool
    package var manifest: FilePath?
    var isDurable: Bool
    /// The card, if the image is one.
    package var card: CardPlan?
    var signing: SigningIdentity?
    /// The number in a signed loader.
    var buildNumber: UInt64?

    /// The build numbers, which every JSON reader keeps.
    package static let buildNumbers: ClosedRange<UInt64> = 1...(1 << 53) - 1

    /// Infers unset options from the others; throws for options that contradict each other.
    package init(_ options: BuildOptions) throws(PlanError) {
        var options = options
        card = try CardPlan(options)
        if let card { options.kinds = [ImageKind(card.board)] }
        if card == nil { try Self.checkArchitectures(options) }
        if options.asksForImages, options.kinds.isEmpty, !options.formats.contains(.iso) {
            options.kinds = ImageKind.defaults.filter { $0.starts(options.content) }
        }
        try options.content.checkParameters()
        content = options.content
        timestamp = try Self.timestamp(options.sourceDateEpoch)
        sectorSize = try Self.sectorSize(options)
        fatType = options.espFAT
        volumeLabel = options.volumeLabel ?? "BOOTIMAGE"
        espSize = options.espSize ?? .zero
        imageSize = options.imageSize ?? .zero
        partitions = options.partitions
        outputs = options.asksForImages ? try Self.outputs(options) : []
        pxeDirectory = options.pxeDirectory
        activeProtectiveMBR = options.activeProtectiveMBR
        let isHybrid = outputs.contains { [.hybrid, .disc].contains($0.kind) }
        guard !activeProtectiveMBR || isHybrid else { throw .noHybridImage }
        manifest = options.manifest
        isDurable = options.isDurable
        signing = try Self.signingIdentity(options)
        buildNumber = try Self.buildNumber(options, isSigned: signing != nil)
        let hasESP = outputs.contains { $0.kind.hasESP }
        guard signing == nil || hasESP || pxeDirectory != nil else { throw .nothingToSign }
        try checkFileSystem(options, hasESP: hasESP || card != nil)
    }

    /// Refuses properties of a file system that no image has.
    private func checkFileSystem(_ options: BuildOptions, hasESP: Bool) throws(PlanError) {
        let given: [PlanError.ESPOption?] = [
            options.espFAT.map { .fat($0) }, options.espSize.map { .size($0) },
            options.volumeLabel.map { .label($0) }, options.partitions.isEmpty ? nil : .partitions,
        ]
        if let option = given.compactMap(\.self).first, !hasESP { throw .noESP(option) }
        guard options.imageSize == nil || !outputs.isEmpty else { throw .noImage }
        if let option = content.fileOptions.first, !hasESP, pxeDirectory == nil {
            throw .noFileSystem(option)
        }
    }

    /// The names in an image's root folder that the user's own files cannot have.
    var reservedNames: [String] { card == nil ? content.reservedNames : CardPlan.reservedNames }

    /// The warnings about options that some output ignores.
    package var warnings: [BuildWarning] {
        let omitted = content.fileOptions + (partitions.isEmpty ? [] : [.partitions])
        return outputs.filter { !$0.kind.hasFileSystem }.flatMap { output in
            omitted.map { .omits(output.path, $0) }
                + (signing == nil ? [] : [.notSigned(output.path)])
        }
    }

    private static func sectorSize(_ options: BuildOptions) throws(PlanError) -> SectorSize {
        let size = options.sectorSize ?? .bytes512
        let isUEFIOnly = !options.kinds.isEmpty && options.kinds.allSatisfy { $0 == .uefi }
        guard size == .bytes512 || isUEFIOnly else { throw .sectorSizeNeedsUEFI(size) }
        return size
    }

    private static func timestamp(_ epoch: String?) throws(PlanError) -> FATTimestamp {
        guard let epoch, !epoch.isEmpty else { return .epoch }
        guard let seconds = Int64(epoch) else { throw .badSourceDateEpoch(epoch) }
        return FATTimestamp(unixSeconds: seconds)
    }

    private static func signingIdentity(
        _ options: BuildOptions
    ) throws(PlanError) -> SigningIdentity? {
        switch (options.signKey, options.signCertificate) {
        case (let key?, let certificate?): SigningIdentity(key: key, certificate: certificate)
        case (nil, nil): options.secureBootKeys?.identity
        case (.some, nil): throw .keyWithoutCertificate
        case (nil, .some): throw .certificateWithoutKey
        }
    }

    /// The number as given, else the time of the sources; never the clock's, so that the same
    /// inputs give the same bytes.
    private static func buildNumber(
        _ options: BuildOptions, isSigned: Bool
    ) throws(PlanError) -> UInt64? {
        guard let number = options.buildNumber else {
            let seconds = options.sourceDateEpoch.flatMap { UInt64($0) }
            return seconds.flatMap { buildNumbers.contains($0) ? $0 : nil }
        }
        guard buildNumbers.contains(number) else { throw .badBuildNumber(number) }
        guard isSigned else { throw .buildNumberNotSigned }
        return number
    }

    /// Refuses a second kernel for one architecture, and images for firmware that a kernel's
    /// machines do not have.
    private static func checkArchitectures(_ options: BuildOptions) throws(PlanError) {
        let kernels = options.content.kernels
        for (index, kernel) in kernels.enumerated() {
            let twin = kernels[..<index].first { $0.architecture == kernel.architecture }
            if let twin { throw .twoKernels(twin.path, kernel.path, kernel.architecture) }
        }
        let discs: [ImageKind] = options.formats.contains(.iso) ? [.disc] : []
        if let kind = (discs + options.kinds).first(where: { !$0.starts(options.content) }),
            let kernel = kernels.first(where: { !$0.architecture.firmwares.contains(.bios) })
        {
            throw .noBIOS(kind, kernel: kernel.path, kernel.architecture)
        }
    }
}

extension ImageKind {
    /// Whether each firmware of the image has a kernel to start, and each kernel a firmware.
    fileprivate func starts(_ content: KernelContent) -> Bool {
        let offers = content.kernels.map { Set($0.architecture.firmwares) }
        return firmwares.allSatisfy { firmware in offers.contains { $0.contains(firmware) } }
            && offers.allSatisfy { !$0.isDisjoint(with: firmwares) }
    }
}

extension KernelContent {
    /// Refuses more modules than the loader has room for, and text that would break its lines.
    fileprivate func checkParameters() throws(PlanError) {
        if let commandLine, commandLine.hasControlCharacters { throw .badCommandLine(commandLine) }
        if let module = modules.first(where: { ($0.name + $0.string).hasControlCharacters }) {
            throw .badModule(module)
        }
        guard modules.count <= PayloadKind.moduleLimit else {
            throw .tooManyModules(found: modules.count, allowed: PayloadKind.moduleLimit)
        }
    }

    /// How the user's own files are given.
    fileprivate var fileOptions: [PlanError.ContentOption] {
        (extraFiles.isEmpty ? [] : [fileOption]) + (directories.isEmpty ? [] : [directoryOption])
    }
}

extension String {
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
