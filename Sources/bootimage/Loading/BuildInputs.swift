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

    /// The user's own partitions with what they hold.
    let partitions: [ExtraPartition]

    /// Opens every file, reads the kernel's headers, and has file systems made that are not ours
    /// unless they are only to be shown.
    init(
        _ content: KernelContent, partitions requests: [PartitionRequest] = [],
        makesFileSystems: Bool = true
    ) throws(Failure) {
        var opened = OpenedInputs()
        let kernelContent = opened.add(try Self.open(content.kernel))
        let kernel = try Self.readKernel(opened.files[0])
        self.kernel = kernel
        let stripped = content.keepsDebugInfo ? nil : kernel.strippedFile
        var items = [
            (Role.kernel, stripped.map { Content($0, ofInput: 0) } ?? kernelContent)
        ]
        if let ramdisk = content.ramdisk {
            items.append((.ramdisk, opened.add(try Self.openRegular(ramdisk))))
        }
        if let configuration = try Self.bootConfiguration(content, &opened) {
            items.append((.bootConfiguration, configuration))
        }
        var extras: [(String, Content)] = []
        let directoryFiles = try content.directories.map { directory throws(Failure) in
            try FolderListing(directory).files
        }.flatMap(\.self)
        if !directoryFiles.isEmpty { OpenFileLimit.raise() }
        for file in content.extraFiles + directoryFiles {
            try Self.checkDestination(of: file)
            extras.append((file.destination, opened.add(try Self.openRegular(file.source))))
        }
        partitions = try requests.map { request throws(Failure) in
            try PartitionLoader(makesFileSystems: makesFileSystems).load(request) { file in
                opened.add(file)
            }
        }
        files = opened.files
        contents = try items.map { [files] role, content throws(Failure) in
            (role, content, try ContentDigest(of: content, in: files))
        }
        extraContents = try extras.map { [files] path, content throws(Failure) in
            (path, content, try ContentDigest(of: content, in: files))
        }
    }

    /// What a signed loader is told of the files; reads all of them.
    func loaderDigests() throws(Failure) -> LoaderDigests {
        var digests: [Role: [UInt8]] = [:]
        for (role, content, _) in contents {
            digests[role] = try FileDigest(of: content, in: files).bytes
        }
        return LoaderDigests(digests)
    }

    /// The boot.json that goes into the image, if any does.
    private static func bootConfiguration(
        _ content: KernelContent, _ opened: inout OpenedInputs
    ) throws(Failure) -> Content? {
        var bytes: [UInt8]?
        var unchanged: Content?
        if let path = content.bootConfiguration {
            let file = try openRegular(path)
            bytes = try BootConfigurationFile.check(file)
            unchanged = opened.add(file)
        }
        guard content.waitsForDebugger else { return unchanged }
        return .bytes(
            BootConfigurationFile.waitingForDebugger(bytes ?? BootConfigurationFile.empty))
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

    static func openRegular(_ path: FilePath) throws(Failure) -> ImageInput {
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

/// Files that are open, in the order in which contents count them.
private struct OpenedInputs {
    private(set) var files: [ImageInput] = []

    /// Keeps a file; returns all of it.
    mutating func add(_ file: ImageInput) -> Content {
        files.append(file)
        return .input(index: files.count - 1, length: file.byteCount)
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
