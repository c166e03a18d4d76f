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
    let contents: [(role: Role, content: Content)]
    /// The user's own files, by their paths from the root.
    let extraContents: [(path: String, content: Content)]
    /// What sets this image apart from others: from it come GUIDs, volume ID and disk signature.
    let identity: ImageIdentity

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
        contents = Array(zip(roles, all))
        let destinations = content.extraFiles.map(\.destination)
        extraContents = Array(zip(destinations, all[roles.count...]))
        self.files = files
        identity = try Self.identify(all, of: files, paths: destinations)
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

    /// Combines the loaders, the paths of the user's own files, and what is in the image of each
    /// file.
    private static func identify(
        _ contents: [Content], of files: [ImageInput], paths: [String]
    ) throws(Failure) -> ImageIdentity {
        var hasher = IdentityHasher()
        hasher.combine(PrebuiltLoaders.bios)
        hasher.combine(PrebuiltLoaders.uefi)
        for path in paths { hasher.combine(Array(path.utf8)) }
        for content in contents { try combine(content, of: files, into: &hasher) }
        return hasher.finalize()
    }

    /// Combines a file's length, beginning and end: reading a gigabyte to name an image would cost
    /// as much as writing it.
    private static func combine(
        _ content: Content, of files: [ImageInput], into hasher: inout IdentityHasher
    ) throws(Failure) {
        switch content {
        case .bytes(let bytes): hasher.combine(bytes)
        case .joined(let contents):
            for content in contents { try combine(content, of: files, into: &hasher) }
        case .input(let index, let start, let length):
            hasher.combine(length.value)
            let sample = min(length.value, 64 << 10)
            let last = length.value - sample
            for offset in last == 0 ? [0] : [0, last] {
                hasher.combine(
                    try read(Int(sample), from: files[index], at: Int64(start.value + offset)))
            }
        }
    }

    private static func read(
        _ byteCount: Int, from file: ImageInput, at offset: Int64
    ) throws(Failure) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                count = try file.descriptor.read(
                    fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw Failure(.inputOutput, "\(file.path): cannot be read: \(error)")
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
