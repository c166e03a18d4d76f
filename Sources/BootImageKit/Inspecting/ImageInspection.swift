public import DiskImage
public import ELFKit
public import SystemPackage

/// What is in a disk image, whatever tool made it.
public struct ImageInspection: Equatable, Sendable {
    /// The image's path as the caller passed it.
    public let image: FilePath
    /// What lies where.
    public let map: ImageMap
    /// How many errors a verification of the image reports.
    public let errorCount: Int
    /// How many warnings a verification of the image reports.
    public let warningCount: Int
    /// The kernels that the loaders find, x86-64's first.
    public let kernels: [Inspection]
    /// What the firmware of a Raspberry Pi finds; `nil` if the image is no card.
    public let card: CardContents?
    /// Where that firmware loads the card's kernel; `nil` if there is none.
    package let cardKernelPlace: FlatKernel.Place?
    /// The names in the certificates of the UEFI loaders' signatures, by the loader's offset in
    /// bytes.
    ///
    /// Nothing here is verified: whoever makes a certificate chooses its name.
    public let signers: [UInt64: [String]]
    /// The numbers of the builds in signed loaders, by the loader's offset in bytes; not verified.
    public let buildNumbers: [UInt64: UInt64]

    /// The kind of image in words.
    package var kind: String {
        let iso = map.isoVolume.map { _ in "ISO 9660" }
        let card = card.map { _ in "card for a Raspberry Pi" }
        let kinds = [iso, map.kind == iso ? nil : map.kind, card].compactMap(\.self)
        return kinds.isEmpty ? "a disk without partitions" : kinds.joined(separator: " and ")
    }

    /// Reads an open file; `nil` if it is an ELF file, or neither image nor kernel.
    init?(of descriptor: FileDescriptor, named path: FilePath) throws(InspectionError) {
        let type = try? descriptor.stat().type
        guard type == .regular || type == .blockSpecial else { return nil }
        let (file, start) = try InspectionError.start(of: descriptor, at: path)
        if start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return nil }
        try InspectionError.refusePacked(file, startingWith: start, at: path)
        try InspectionError.refuseForeign(file, acceptsELF: true, at: path)
        let found = try InspectionError.reading(path) { try ImageInspection(of: file, named: path) }
        guard let found else { return nil }
        self = found
    }

    private init?(of file: ImageFile, named path: FilePath) throws {
        var verification = try Verification(of: file, loaderFiles: .bootimage)
        map = try ImageMap(of: file, verification)
        guard map.isImage else { return nil }
        kernels = try verification.addContents(of: file, trusting: []).kernels
        image = path
        card = verification.card
        cardKernelPlace = try verification.card?.kernel.map { kernel in
            FlatKernel.Place(ofFileStartingWith: try file.read(64, of: kernel.runs))
        }
        let contents = try Self.contents(of: map.loaders, in: verification.volumes, file)
        signers = contents.mapValues { UnverifiedSigners.names(inLoader: $0) }
        buildNumbers = contents.compactMapValues {
            PEImage($0).flatMap { LoaderDigests(in: $0) }?.buildNumber
        }
        let severities = verification.findings.map(\.rule.severity)
        errorCount = severities.count { $0 == .error }
        warningCount = severities.count { $0 == .warning }
    }

    /// Loaders longer than this are not read: ours have some tens of KiB, others up to 3 MiB.
    private static let largestLoader: UInt64 = 4 << 20

    /// The signed UEFI loaders' bytes, by offset.
    private static func contents(
        of loaders: [ImageMap.Loader], in volumes: [FATVolumeContents], _ source: ImageFile
    ) throws(DiskReadError) -> [UInt64: [UInt8]] {
        var contents: [UInt64: [UInt8]] = [:]
        for file in volumes.flatMap(\.files) where file.byteCount <= largestLoader {
            let offset = file.runs.first?.lowerBound ?? 0
            guard contents[offset] == nil,
                loaders.contains(where: {
                    $0.isSigned && ($0.place, $0.offset) == (file.path, offset)
                })
            else { continue }
            var bytes: [UInt8] = []
            for run in file.runs { bytes += try source.read(run.count, at: run.lowerBound) }
            contents[offset] = bytes
        }
        return contents
    }
}

extension ImageMap.Loader {
    /// Whether it is the loader of this version of the package.
    package var isOwn: Bool {
        if isForBIOS { return digest == ContentDigest(ofBIOSLoader: PrebuiltLoaders.bios) }
        return Architecture.allCases.contains {
            digest == EFIProgram(PrebuiltLoaders.uefi(for: $0)).digest
        }
    }
}

/// The version of this package, of its tool and of its loaders.
package enum Version {
    package static let current = "0.1.0-dev"
}
