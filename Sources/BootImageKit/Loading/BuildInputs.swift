import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The files that go into an image, open and checked.
struct BuildInputs {
    /// What a file is to the kernel.
    enum Role: CaseIterable {
        case kernel
        case ramdisk
        case bootConfiguration

        /// How the UEFI loader finds the file.
        func uefiFileName(on architecture: Architecture) -> String {
            switch self {
            case .kernel: architecture.uefiKernelName
            case .ramdisk: "ramdisk"
            case .bootConfiguration: "boot.json"
            }
        }
    }

    let kernels: [KernelELF]
    /// The files, in the order in which `contents` counts them.
    let files: [ImageInput]
    /// Those of the kernels, which come first.
    var kernelFiles: ArraySlice<ImageInput> { files.prefix(kernels.count) }
    let contents: [Item]
    /// The user's own files, by their paths from the root.
    let extraContents: [(path: String, content: Content, digest: ContentDigest)]

    /// The user's own partitions with what they hold.
    let partitions: [ExtraPartition]

    /// A file that a loader reads.
    struct Item {
        let role: Role
        /// How the loader for UEFI finds it.
        let name: String
        let content: Content
        let digest: ContentDigest
    }

    /// Opens every file and reads the kernels' headers; without `fileSystems`, the partitions that
    /// libguestfs fills stay empty.
    init(
        _ content: KernelContent, partitions requests: [PartitionRequest],
        fileSystems: FileSystems?
    ) throws(Failure) {
        var opened = OpenedInputs()
        var kernels: [KernelELF] = []
        var items: [(role: Role, name: String, content: Content)] = []
        for (index, (path, architecture)) in content.kernels.enumerated() {
            let whole = opened.add(try Self.open(path))
            let kernel = try Self.readKernel(opened.files[index], for: architecture)
            kernels.append(kernel)
            let stripped = content.keepsDebugInfo ? nil : kernel.strippedFile
            items.append(
                (
                    .kernel, architecture.uefiKernelName,
                    stripped.map { Content($0, ofInput: index) } ?? whole
                ))
        }
        self.kernels = kernels
        if let ramdisk = content.ramdisk {
            items.append((.ramdisk, "ramdisk", opened.add(try Self.openRegular(ramdisk))))
        }
        if let configuration = try Self.bootConfiguration(content, &opened) {
            items.append((.bootConfiguration, "boot.json", configuration))
        }
        var extras: [(String, Content)] = []
        let directoryFiles = try content.directories.map { directory throws(Failure) in
            try FolderListing(directory).files
        }.flatMap(\.self)
        if !directoryFiles.isEmpty { OpenFileLimit.raise() }
        for file in content.extraFiles + directoryFiles {
            try Self.checkDestination(of: file, in: content)
            extras.append((file.destination, opened.add(try Self.openRegular(file.source))))
        }
        let loader = PartitionLoader(fileSystems: fileSystems)
        partitions = try loader.load(requests) { opened.add($0) }
        files = opened.files
        contents = try items.map { [files] role, name, content throws(Failure) in
            Item(
                role: role, name: name, content: content,
                digest: try ContentDigest(of: content, in: files))
        }
        extraContents = try extras.map { [files] path, content throws(Failure) in
            (path, content, try ContentDigest(of: content, in: files))
        }
    }

    /// What the loader for an architecture reads.
    func contents(on architecture: Architecture) -> [Item] {
        contents.filter { $0.name == $0.role.uefiFileName(on: architecture) }
    }

    /// What a signed loader is told of the files that it may start; reads all of them.
    func loaderDigests(on architecture: Architecture) throws(Failure) -> LoaderDigests {
        var digests: [Role: [UInt8]] = [:]
        for item in contents(on: architecture) {
            digests[item.role] = try FileDigest(of: item.content, in: files).bytes
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
    private static func checkDestination(
        of file: ExtraFile, in content: KernelContent
    ) throws(Failure) {
        let name = file.destination.prefix { $0 != "/" }.uppercased()
        guard Self.names(in: content).contains(where: { $0.uppercased() == name }) else { return }
        throw Failure(
            .usage,
            "--file \(file.destination)=\(file.source): the loader takes this name for its own; "
                + "use another")
    }

    /// The names under which the content's loaders look for files.
    static func names(in content: KernelContent) -> [String] {
        content.kernels.flatMap { kernel in
            Role.allCases.map { $0.uefiFileName(on: kernel.architecture) }
        }
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
            let descriptor = try FileDescriptor.openForReading(path)
            return try ImageInput(descriptor, path: path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }

    private static func readKernel(
        _ file: ImageInput, for architecture: Architecture
    ) throws(Failure) -> KernelELF {
        let kernel: KernelELF
        do throws(ELFError) {
            kernel = try KernelELF.load(from: file.descriptor, named: file.path.string)
        } catch {
            throw Failure(error)
        }
        // The file has become another one since its first bytes were read.
        guard kernel.architecture == architecture else {
            throw Failure(
                .badInput,
                "\(file.path): was for \(architecture.name) and is for "
                    + "\(kernel.architecture.name) now; build it again")
        }
        return kernel
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
