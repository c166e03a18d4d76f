import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The files that go into an image, open and checked.
struct BuildInputs {
    /// A file that a loader reads.
    struct Item {
        let role: FileRole
        /// The name under which the UEFI loader looks for it.
        let name: String
        let content: Content
        let digest: ContentDigest
    }

    private let opened: OpenInputs
    let kernels: [KernelELF]
    let contents: [Item]
    /// The user's own files, by their paths from the root.
    let extraContents: [(path: String, content: Content, digest: ContentDigest)]
    /// The user's own partitions and their contents.
    let partitions: [ExtraPartition]

    /// The files, in the order in which contents refer to them.
    var files: [ImageInput] { opened.files }
    /// The files of the kernels, which come first.
    var kernelFiles: ArraySlice<ImageInput> { files.prefix(kernels.count) }

    /// Opens every file but kernels that are open already, and reads the kernels' headers; without
    /// `fileSystems`, the partitions that libguestfs fills stay empty.
    init(
        _ content: KernelContent, _ probed: KernelFiles? = nil,
        partitions requests: [PartitionRequest], fileSystems: FileSystems?
    ) throws(BuildError) {
        let opened: OpenInputs
        if let probed {
            opened = probed.inputs
        } else {
            opened = try KernelFiles(content.kernels.map(\.path)).inputs
        }
        var kernels: [KernelELF] = []
        var items: [(role: FileRole, name: String, content: Content)] = []
        for (index, (_, architecture)) in content.kernels.enumerated() {
            let file = opened.files[index]
            let kernel = try Self.readKernel(file, for: architecture)
            kernels.append(kernel)
            let part = Content(kernel, keepsDebugInfo: content.keepsDebugInfo, file, at: index)
            items.append((.kernel, architecture.uefiKernelName, part))
        }
        (self.opened, self.kernels) = (opened, kernels)
        if let ramdisk = content.ramdisk {
            items.append((.ramdisk, "ramdisk", try opened.open(ramdisk)))
        }
        if let configuration = try Self.bootConfiguration(content, opened) {
            items.append((.bootConfiguration, "boot.json", configuration))
        }
        var extras: [(String, Content)] = []
        let directoryFiles = try content.directories.map { directory throws(BuildError) in
            try FolderListing(directory).files
        }.flatMap(\.self)
        if !directoryFiles.isEmpty { OpenFileLimit.raise() }
        for file in content.extraFiles + directoryFiles {
            try Self.checkDestination(of: file, in: content)
            extras.append((file.destination, try opened.open(file.source)))
        }
        partitions = try PartitionLoader(fileSystems: fileSystems).load(requests, into: opened)
        contents = try items.map { role, name, content throws(BuildError) in
            Item(
                role: role, name: name, content: content,
                digest: try ContentDigest(of: content, in: opened.files))
        }
        extraContents = try extras.map { path, content throws(BuildError) in
            (path, content, try ContentDigest(of: content, in: opened.files))
        }
    }

    /// The items that the loader for an architecture reads.
    func contents(on architecture: Architecture) -> [Item] {
        contents.filter { $0.name == $0.role.uefiFileName(on: architecture) }
    }

    /// Reads the files that the loader for an architecture starts, for a signed loader.
    func loaderDigests(on architecture: Architecture) throws(BuildError) -> LoaderDigests {
        var digests: [FileRole: [UInt8]] = [:]
        for item in contents(on: architecture) {
            digests[item.role] = try FileDigest(of: item.content, in: files).bytes
        }
        return LoaderDigests(digests)
    }

    /// The boot.json in the image, if there is one.
    private static func bootConfiguration(
        _ content: KernelContent, _ opened: OpenInputs
    ) throws(BuildError) -> Content? {
        var bytes: [UInt8]?
        var unchanged: Content?
        if let path = content.bootConfiguration {
            let file = try ImageInput.openRegular(path)
            unchanged = opened.add(file)
            bytes = try BootConfigurationFile.check(file)
        }
        guard content.waitsForDebugger else { return unchanged }
        return .bytes(
            BootConfigurationFile.waitingForDebugger(bytes ?? BootConfigurationFile.empty))
    }

    /// Refuses a path whose first name, in any case, is one that a loader looks for.
    private static func checkDestination(
        of file: ExtraFile, in content: KernelContent
    ) throws(BuildError) {
        let name = file.destination.prefix { $0 != "/" }.uppercased()
        guard !content.reservedNames.contains(where: { $0.uppercased() == name }) else {
            throw .plan(.reservedName(file))
        }
    }

    private static func readKernel(
        _ file: ImageInput, for architecture: Architecture
    ) throws(BuildError) -> KernelELF {
        let kernel: KernelELF
        do throws(ELFError) {
            kernel = try KernelELF.load(from: file.descriptor, named: file.path.string)
        } catch {
            throw .kernel(error)
        }
        guard kernel.architecture == architecture else {
            throw .input(file.path, .replaced(was: architecture, is: kernel.architecture))
        }
        return kernel
    }
}

extension Content {
    /// The part of a kernel's file that goes into an image; the file is the writer's input `index`.
    fileprivate init(
        _ kernel: KernelELF, keepsDebugInfo: Bool, _ file: ImageInput, at index: Int
    ) {
        guard !keepsDebugInfo, let stripped = kernel.strippedFile else {
            self = .input(index: index, length: file.byteCount)
            return
        }
        self = .joined(
            stripped.pieces.map { piece in
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
