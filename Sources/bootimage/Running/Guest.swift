import DiskImage
import ELFKit
import SystemPackage

/// What `run` and `runner` are given: a kernel that becomes an image, or an image.
struct Guest {
    private enum Origin {
        case kernel(BuildOptions)
        case image(FilePath)
    }

    /// The firmware to boot on.
    let firmware: Firmware
    /// What it starts on, the usual first; not empty.
    let architectures: [Architecture]
    /// The length of the sectors of the disk to boot from.
    let sectorSize: SectorSize
    /// What the image's file is.
    let format: ContainerFormat
    private let origin: Origin

    /// Looks at the first bytes of what the options call a kernel, to see whether it is an image
    /// instead, with which nothing else may go.
    ///
    /// It is booted on that firmware and that architecture, or on the first that it can be
    /// booted on.
    init(
        _ given: BuildOptions, on chosen: Firmware?, of architecture: Architecture? = nil,
        _ settings: Settings
    ) throws(Failure) {
        let path = given.content.kernel
        let (found, start) = try Self.readStart(path)
        format = found
        if Self.isImage(start) {
            try Self.refuseOptionsForKernels(given)
            architectures = try Self.architectures(ofImage: path, found)
                .sorted { first, _ in first == architecture }
            firmware =
                chosen ?? Self.firmware(for: Self.kind(of: start), given, on: architectures[0])
            sectorSize = Self.sectorSizeOfGPT(in: start) ?? .bytes512
            origin = .image(path)
        } else {
            var options = given
            let architecture = Architecture(ofKernelStartingWith: start)
            options.content.architecture = architecture
            architectures = [architecture]
            let wanted = settings.imageKind
            firmware = chosen ?? Self.firmware(for: wanted, options, on: architecture)
            options.kinds = [wanted == .hybrid ? .hybrid : ImageKind(firmware)]
            options = settings.filling(options)
            sectorSize = options.sectorSize ?? .bytes512
            origin = .kernel(options)
        }
        guard architectures[0].firmwares.contains(firmware) else {
            throw Failure(
                .usage,
                "--firmware \(firmware): \(path) is to be booted on \(architectures[0].name), "
                    + "which has none; give --firmware \(architectures[0].firmwares[0])")
        }
        try checkSecureBoot(given)
    }

    /// What a file starts on, an image by itself, a kernel as its image would be.
    static func nature(
        of path: FilePath, _ settings: Settings
    ) throws(Failure) -> (firmwares: [Firmware], architectures: [Architecture]) {
        let (format, start) = try readStart(path)
        if isImage(start) {
            return (kind(of: start).firmwares, try architectures(ofImage: path, format))
        }
        let architecture = Architecture(ofKernelStartingWith: start)
        return (settings.imageKind?.firmwares ?? architecture.firmwares, [architecture])
    }

    /// What the programs in an image's EFI/BOOT are for, x86-64 first; that if there are none.
    private static func architectures(
        ofImage path: FilePath, _ format: ContainerFormat
    ) throws(Failure) -> [Architecture] {
        let image =
            format == .raw ? verification(of: path) : try verification(ofDiskIn: path, format)
        let names = image?.volumes.flatMap(\.files).map { $0.path.uppercased() } ?? []
        let found = Architecture.allCases.filter {
            names.contains("/EFI/BOOT/\($0.uefiLoaderName)")
        }
        return found.isEmpty ? [.x86_64] : found
    }

    private static func verification(of path: FilePath) -> Verification? {
        guard let descriptor = try? FileDescriptor.openWithoutWaiting(path) else { return nil }
        defer { try? descriptor.close() }
        return try? Verification(of: ImageFile(descriptor), bootFiles: .bootimage)
    }

    private static func verification(
        ofDiskIn path: FilePath, _ format: ContainerFormat
    ) throws(Failure) -> Verification {
        let disk = try ContainedDisk(in: path, format)
        do throws(DiskReadError) { return try Verification(of: disk, bootFiles: .bootimage) } catch
        {
            throw Failure(.inputOutput, "\(path): the disk in it \(error)")
        }
    }

    /// A disk with a GPT starts on BIOS, too, if its MBR has code that does more than to decline.
    private static func kind(of image: [UInt8]) -> ImageKind {
        if sectorSizeOfGPT(in: image) == nil { return .bios }
        let code = image.prefix(MasterBootRecord.bootCodeByteCount)
        let declines =
            code.starts(with: MasterBootRecord.notForBIOS) || code.allSatisfy { $0 == 0 }
        return declines ? .uefi : .hybrid
    }

    /// A kernel may hold a boot sector's signature by chance.
    private static func isImage(_ start: [UInt8]) -> Bool {
        !start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) && start.count >= 1024
            && start[510] == 0x55 && start[511] == 0xAA
    }

    /// Refuses what cannot be booted with Secure Boot, before an image is made for it.
    private func checkSecureBoot(_ given: BuildOptions) throws(Failure) {
        guard let keys = given.secureBootKeys else { return }
        guard firmware == .uefi else {
            throw Failure(
                .usage,
                "--secure-boot is for UEFI, and \(given.content.kernel) is to be booted on BIOS; "
                    + "give --firmware uefi, or an image for it")
        }
        try keys.check()
    }

    /// What boots an image, or a kernel of which nobody says what its image is for.
    private static func firmware(
        for kind: ImageKind?, _ given: BuildOptions, on architecture: Architecture
    ) -> Firmware {
        if given.secureBootKeys != nil && kind?.hasESP ?? true { return .uefi }
        guard let kind else { return architecture.firmwares[0] }
        return kind.firmwares.first { architecture.firmwares.contains($0) } ?? kind.usualFirmware
    }

    private static func refuseOptionsForKernels(_ given: BuildOptions) throws(Failure) {
        let content = given.content
        let options = [
            (content.ramdisk != nil, "--ramdisk"),
            (content.bootConfiguration != nil, "--boot-config"),
            (!content.extraFiles.isEmpty, "--file"),
            (!content.directories.isEmpty, "--directory"),
            (content.keepsDebugInfo, "--keep-debug-info"),
            (content.waitsForDebugger, "--gdb"),
            (given.signKey != nil, "--sign-key"),
            (given.signCertificate != nil, "--sign-cert"),
            (given.sectorSize != nil, "--sector-size"),
            (given.espFAT != nil, "--esp-fat"),
        ]
        if let option = options.first(where: { $0.0 })?.1 {
            throw Failure(
                .usage,
                "\(option) goes into an image as it is built; \(content.kernel) is one")
        }
    }

    /// The image to boot; a kernel's is written beside it first.
    func prepareImage() throws(Failure) -> FilePath {
        switch origin {
        case .image(let path): return path
        case .kernel(let options):
            let plan = try BuildPlan(options)
            let builder = try ImageBuilder(plan)
            builder.warnings.forEach(Console.warning)
            for output in plan.outputs {
                try builder.write(builder.layOut(output.kind), to: output.path)
            }
            return plan.outputs[0].path
        }
    }

    /// The length of the sectors that a GPT is for: its header is in the second.
    private static func sectorSizeOfGPT(in start: [UInt8]) -> SectorSize? {
        SectorSize.allCases.first { start.dropFirst($0.rawValue).starts(with: "EFI PART".utf8) }
    }

    /// What the file is, and the first bytes of the disk or the kernel in it.
    private static func readStart(
        _ path: FilePath
    ) throws(Failure) -> (format: ContainerFormat, bytes: [UInt8]) {
        let byteCount = 8192
        let bytes: [UInt8]
        do {
            let descriptor = try FileDescriptor.openWithoutWaiting(path)
            // An interrupted close has closed it, and nothing was written.
            defer { try? descriptor.close() }
            bytes = try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
        if let compression = Compression(startingWith: bytes) {
            throw Failure(
                .badInput,
                "\(path): is packed, and nothing boots from that; unpack it first: "
                    + compression.unpackingCommand(for: path))
        }
        guard let format = ContainerFormat(startingWith: bytes) else { return (.raw, bytes) }
        return (format, try ImageConverter.bytes(of: path, format, byteCount, at: 0))
    }
}
