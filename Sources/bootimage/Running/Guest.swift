import DiskImage
import SystemPackage

/// What `run` and `runner` are given: a kernel that becomes an image, or an image.
struct Guest {
    private enum Origin {
        case kernel(BuildOptions)
        case image(FilePath)
    }

    /// The firmware to boot on.
    let firmware: Firmware
    /// The length of the sectors of the disk to boot from.
    let sectorSize: SectorSize
    private let origin: Origin

    /// Looks at the first bytes of what the options call a kernel, to see whether it is an image
    /// instead, with which nothing else may go.
    ///
    /// It is booted on that firmware, or on the first that it can be booted on.
    init(
        _ given: BuildOptions, on chosen: Firmware?, _ settings: Settings
    ) throws(Failure) {
        let path = given.content.kernel
        let start = try Self.readStart(path)
        if Self.isImage(start) {
            try Self.refuseOptionsForKernels(given)
            firmware = chosen ?? Self.kind(of: start).usualFirmware
            sectorSize = Self.sectorSizeOfGPT(in: start) ?? .bytes512
            origin = .image(path)
        } else {
            var options = given
            let wanted = settings.imageKind
            firmware = chosen ?? wanted?.usualFirmware ?? .bios
            options.kinds = [wanted == .hybrid ? .hybrid : ImageKind(firmware)]
            options = settings.filling(options)
            sectorSize = options.sectorSize ?? .bytes512
            origin = .kernel(options)
        }
    }

    /// What an image starts on; nil for a kernel.
    static func kind(ofImage path: FilePath) throws(Failure) -> ImageKind? {
        let start = try readStart(path)
        return isImage(start) ? kind(of: start) : nil
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

    private static func refuseOptionsForKernels(_ given: BuildOptions) throws(Failure) {
        let content = given.content
        let options = [
            (content.ramdisk != nil, "--ramdisk"),
            (content.bootConfiguration != nil, "--boot-config"),
            (!content.extraFiles.isEmpty, "--file"),
            (content.keepsDebugInfo, "--keep-debug-info"),
            (content.waitsForDebugger, "--gdb"),
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

    private static func readStart(_ path: FilePath) throws(Failure) -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.openWithoutWaiting(path)
            return try descriptor.closeAfter {
                try [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
                    count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }
}
