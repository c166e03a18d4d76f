import DiskImage
import ELFKit
import SystemPackage

/// The files that go into an image, open and checked.
struct BuildInputs {
    /// What a file is to the kernel.
    enum Role: CaseIterable {
        case kernel
        case ramdisk
        case bootConfiguration

        /// How the UEFI loader finds the file.
        var uefiFileName: String {
            switch self {
            case .kernel: "kernel-x86_64"
            case .ramdisk: "ramdisk"
            case .bootConfiguration: "boot.json"
            }
        }
    }

    let kernel: KernelELF
    /// The files, in the order in which `contents` counts them.
    let files: [ImageInput]
    let contents: [(role: Role, content: Content, digest: ContentDigest)]
    /// The user's own files, by their paths from the root.
    let extraContents: [(path: String, content: Content, digest: ContentDigest)]

    /// Opens every file and reads the kernel's headers.
    init(_ content: KernelContent) throws(Failure) {
        let kernelFile = try Self.open(content.kernel)
        kernel = try Self.readKernel(kernelFile)
        var files = [kernelFile]
        var roles = [Role.kernel]
        if let ramdisk = content.ramdisk {
            files.append(try Self.openRegular(ramdisk))
            roles.append(.ramdisk)
        }
        if let path = content.bootConfiguration {
            let file = try Self.openRegular(path)
            try BootConfigurationFile.check(file)
            files.append(file)
            roles.append(.bootConfiguration)
        }
        for file in content.extraFiles {
            try Self.checkDestination(of: file)
            files.append(try Self.openRegular(file.source))
        }
        var all = files.indices.map { Content.input(index: $0, length: files[$0].byteCount) }
        if !content.keepsDebugInfo, let stripped = kernel.strippedFile {
            all[0] = Content(stripped, ofInput: 0)
        }
        self.files = files
        var digests: [ContentDigest] = []
        for content in all { digests.append(try ContentDigest(of: content, in: files)) }
        contents = zip(roles, zip(all, digests)).map { ($0, $1.0, $1.1) }
        let paths = content.extraFiles.map(\.destination)
        extraContents = zip(paths, zip(all, digests).dropFirst(roles.count))
            .map { ($0, $1.0, $1.1) }
    }

    /// Refuses a name under which the loader looks for something of its own, also as a folder's.
    private static func checkDestination(of file: ExtraFile) throws(Failure) {
        let name = file.destination.prefix { $0 != "/" }.uppercased()
        guard Role.allCases.contains(where: { $0.uefiFileName.uppercased() == name }) else {
            return
        }
        throw Failure(
            .usage,
            "--file \(file.destination)=\(file.source): the loader takes this name for its own; "
                + "use another")
    }

    private static func openRegular(_ path: FilePath) throws(Failure) -> ImageInput {
        let file = try open(path)
        guard (try? file.descriptor.stat().type) == .regular else {
            throw Failure(.badInput, "\(path): is a folder, a device or a pipe; name a file")
        }
        return file
    }

    private static func open(_ path: FilePath) throws(Failure) -> ImageInput {
        do {
            let descriptor = try FileDescriptor.openWithoutWaiting(path)
            return try ImageInput(descriptor, path: path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }

    private static func readKernel(_ file: ImageInput) throws(Failure) -> KernelELF {
        do throws(ELFError) {
            return try KernelELF.load(from: file.descriptor, named: file.path.string)
        } catch {
            throw Failure(error)
        }
    }
}

extension Content {
    /// A kernel's file without debug information; the whole file is the writer's input `index`.
    fileprivate init(_ file: StrippedFile, ofInput index: Int) {
        self = .joined(
            file.pieces.map { piece in
                switch piece {
                case .bytes(let bytes): .bytes(bytes)
                case .source(let range):
                    .input(
                        index: index, offset: ByteCount(range.lowerBound),
                        length: ByteCount(range.upperBound - range.lowerBound))
                }
            })
    }
}

extension FileDescriptor {
    /// Opens a file for reading; a pipe that nobody writes to opens as well, and is empty.
    static func openWithoutWaiting(_ path: FilePath) throws -> FileDescriptor {
        try open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
    }
}
