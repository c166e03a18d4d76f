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
    init(_ given: BuildOptions, _ settings: Settings) throws(Failure) {
        let path = given.content.kernel
        let start = try Self.readStart(path)
        if Self.isImage(start) {
            try Self.refuseOptionsForKernels(given)
            let sectorSize = Self.sectorSizeOfGPT(in: start)
            firmware = given.firmware.first ?? (sectorSize == nil ? .bios : .uefi)
            self.sectorSize = sectorSize ?? .bytes512
            origin = .image(path)
        } else {
            var options = given
            firmware = given.firmware.first ?? settings.firmware ?? .bios
            options.firmware = [firmware]
            options = settings.filling(options)
            sectorSize = options.sectorSize ?? .bytes512
            origin = .kernel(options)
        }
    }

    /// What a kernel or an image can be booted on: an image is for one firmware alone.
    static func firmwares(for path: FilePath) throws(Failure) -> [Firmware] {
        let start = try readStart(path)
        if !isImage(start) { return Firmware.allCases }
        return [sectorSizeOfGPT(in: start) == nil ? .bios : .uefi]
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
                try builder.write(builder.layOut(output.firmware), to: output.path)
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
