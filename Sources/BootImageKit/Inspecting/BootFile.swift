package import DiskImage
package import ELFKit
import HostSystem
package import SystemPackage

/// A file to boot: a kernel, or an image for one or more machines.
package enum BootFile: Equatable, Sendable {
    case kernel(Architecture)
    /// A kernel without an image.
    case direct(DirectKernel)
    case image(Image)

    /// The machines that an image boots on.
    package struct Image: Equatable, Sendable {
        package var kind: ImageKind
        /// The architectures of the programs in EFI/BOOT; without any that of a card, else x86-64.
        package var architectures: [Architecture]
        package var sectorSize: SectorSize
        package var format: ContainerFormat
        /// Whether it is a block device, such as a USB stick.
        package var isDevice: Bool
        /// Whether it is a card for a board.
        package var isCard = false
        /// The board that it boots on by default; nil if firmware starts a loader from it.
        package var board: Board?
    }

    /// The board to boot it on, if it is a kernel for a board or a card for one; `chosen` is that
    /// of the settings.
    package func board(_ chosen: Board?) -> Board? {
        switch self {
        case .kernel: chosen
        case .direct: nil
        case .image(let image): image.isCard ? chosen ?? image.board : nil
        }
    }

    private static let probedByteCount = 8192

    /// Detects what a file is; `selected` is the boot protocol if it is a kernel.
    ///
    /// With `isDirect`, a kernel is read for QEMU's `-kernel`.
    package static func probe(
        _ path: FilePath, as selected: BootProtocol? = nil, isDirect: Bool = false
    ) throws(BuildError) -> BootFile {
        let (container, start) = try readStart(path)
        let format = container?.format ?? .raw
        guard isImage(start) else {
            if isDirect { return .direct(try DirectKernel(reading: path)) }
            return .kernel(Architecture(ofKernelStartingWith: start, as: selected))
        }
        // Linux's bzImage is also a boot sector.
        if isDirect, DirectKernel.isLinux(start) {
            return .direct(try DirectKernel(reading: path))
        }
        // The header of a GPT is in the second sector.
        let sectorSize = SectorSize.allCases.first {
            start.dropFirst($0.rawValue).starts(with: "EFI PART".utf8)
        }
        let image =
            try container.map { container throws(BuildError) in
                try verification(ofDiskIn: container)
            } ?? verification(of: path)
        let found = architectures(of: image)
        // A disk for UEFI may be a card, too.
        let board = found.isEmpty ? image?.card.map { $0.boards.first ?? .raspi3 } : nil
        let standard: Architecture = board == nil ? .x86_64 : .aarch64
        return .image(
            Image(
                kind: sectorSize == nil ? .bios : kind(ofGPTDisk: start),
                architectures: found.isEmpty ? [standard] : found,
                sectorSize: sectorSize ?? .bytes512, format: format,
                isDevice: (try? path.stat().type) == .blockSpecial, isCard: image?.card != nil,
                board: board))
    }

    /// Checks that these are files that can be read.
    package static func check(readable paths: [FilePath]) throws(BuildError) {
        for path in paths {
            let file = try ImageInput.openRegular(path)
            try? file.descriptor.close()
        }
    }

    /// A disk with a GPT also boots on BIOS if its MBR has code that does more than decline.
    private static func kind(ofGPTDisk image: [UInt8]) -> ImageKind {
        let code = image.prefix(MasterBootRecord.bootCodeByteCount)
        let declines =
            code.starts(with: MasterBootRecord.notForBIOS) || code.allSatisfy { $0 == 0 }
        return declines ? .uefi : .hybrid
    }

    /// An ELF file may contain a boot sector's signature by chance.
    private static func isImage(_ start: [UInt8]) -> Bool {
        !start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) && start.count >= 1024
            && start[510] == 0x55 && start[511] == 0xAA
    }

    /// The architectures of the programs in EFI/BOOT.
    private static func architectures(of image: Verification?) -> [Architecture] {
        let names = image?.volumes.flatMap(\.files).map { $0.path.uppercased() } ?? []
        return Architecture.allCases.filter {
            names.contains("/EFI/BOOT/\($0.uefiLoaderName)")
        }
    }

    private static func verification(of path: FilePath) -> Verification? {
        guard let descriptor = try? FileDescriptor.openForReading(path) else { return nil }
        defer { try? descriptor.close() }
        return try? Verification(of: ImageFile(descriptor), loaderFiles: .bootimage)
    }

    private static func verification(
        ofDiskIn container: Container
    ) throws(BuildError) -> Verification {
        let disk = try ContainedDisk(in: container)
        return try attempt(Verification(of: disk, loaderFiles: .bootimage)) {
            BuildError.input(container.path, .diskReadFailed($0))
        }
    }

    /// Returns the file as a container, if it is one, and the first bytes of the kernel or of the
    /// disk in it.
    private static func readStart(
        _ path: FilePath
    ) throws(BuildError) -> (container: Container?, bytes: [UInt8]) {
        let descriptor: FileDescriptor
        let bytes: [UInt8]
        do {
            descriptor = try FileDescriptor.open(
                path, .readOnly, options: [.closeOnExec, .nonBlocking])
            bytes = try [UInt8](unsafeUninitializedCapacity: probedByteCount) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw .input(path, .unreadable(error as? Errno ?? .ioError))
        }
        guard let format = ContainerFormat(startingWith: bytes) else {
            try? descriptor.close()
            if let compression = Compression(startingWith: bytes) {
                throw .input(path, .compressed(compression))
            }
            return (nil, bytes)
        }
        let container = try Container(descriptor, format, at: path)
        return (container, try ImageConverter.bytes(of: container, probedByteCount, at: 0))
    }
}
