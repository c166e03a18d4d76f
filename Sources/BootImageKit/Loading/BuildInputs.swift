import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The files that go into an image, open and checked.
struct BuildInputs {
    struct Item {
        /// What it is to the loader; nil for the user's own files, which come last.
        let role: FileRole?
        /// Its path from the root; for a file with a role, where the UEFI loader looks for it.
        let path: String
        let content: Content
        let digest: ContentDigest

        var file: EFIImage.File { EFIImage.File(path: path, content: content) }
    }

    /// An item before its digest is known.
    typealias Part = (role: FileRole?, path: String, content: Content)

    private let opened: OpenInputs
    /// The kernels that a loader starts; none on a card.
    let kernels: [KernelELF]
    /// The boot protocol that the loader settings select.
    let bootProtocol: BootProtocol?
    let items: [Item]
    let partitions: [ExtraPartition]

    /// The files, in the order in which contents refer to them.
    var files: [ImageInput] { opened.files }
    /// The files of the kernels, which come first.
    let kernelFiles: ArraySlice<ImageInput>

    /// Opens every file but kernels, which are open already, and reads the kernels' headers;
    /// without `fileSystems`, the partitions that libguestfs fills stay empty.
    init(_ plan: BuildPlan, _ probed: KernelFiles, fileSystems: FileSystems?) throws(BuildError) {
        let (content, opened) = (plan.content, probed.inputs)
        self.opened = opened
        kernelFiles = opened.files.prefix(content.kernels.count)
        var contents: [Part]
        if let card = plan.card {
            (kernels, bootProtocol) = ([], nil)
            contents = try card.files(with: content, in: opened)
        } else {
            let settings = try LoaderSettings(of: content, in: opened)
            bootProtocol = settings.bootProtocol
            (kernels, contents) = try Self.loaderFiles(with: content, settings, in: opened)
        }
        contents += try Self.userFiles(of: plan, in: opened)
        partitions = try opened.open(plan.partitions, fileSystems)
        items = try contents.map { role, path, content throws(BuildError) in
            Item(
                role: role, path: path, content: content,
                digest: try ContentDigest(of: content, in: opened.files))
        }
    }

    /// Opens and checks what the loaders look for.
    private static func loaderFiles(
        with content: KernelContent, _ settings: LoaderSettings, in opened: OpenInputs
    ) throws(BuildError) -> (kernels: [KernelELF], parts: [Part]) {
        var kernels: [KernelELF] = []
        var contents: [Part] = []
        for (index, (_, architecture)) in content.kernels.enumerated() {
            let file = opened.files[index]
            let kernel = try attempt(
                KernelELF.load(
                    from: file.descriptor, named: file.path.text, as: settings.bootProtocol),
                orThrow: BuildError.kernel)
            guard kernel.architecture == architecture else {
                throw .input(file.path, .replaced(was: architecture, is: kernel.architecture))
            }
            guard kernel.bootProtocol != .arm64Image || content.modules.isEmpty else {
                throw .input(file.path, .noModules(kernel.bootProtocol))
            }
            kernels.append(kernel)
            let part = Content(kernel, keepsDebugInfo: content.keepsDebugInfo, file, at: index)
            contents.append((.kernel, architecture.uefiKernelName, part))
        }
        if let ramdisk = content.ramdisk {
            contents.append((.ramdisk, "ramdisk", try opened.open(ramdisk)))
        }
        if let configuration = settings.file {
            contents.append((.bootConfiguration, "boot.json", configuration))
        }
        if let parameters = content.parameters {
            contents.append((.parameters, "parameters", .bytes(parameters.pathBytes)))
        }
        for (index, module) in content.modules.enumerated() {
            let role = FileRole.module(index)
            let name = role.uefiFileName(on: content.architecture)
            contents.append((role, name, try opened.open(module.path)))
        }
        return (kernels, contents)
    }

    /// Opens the user's own files.
    private static func userFiles(
        of plan: BuildPlan, in opened: OpenInputs
    ) throws(BuildError) -> [Part] {
        let content = plan.content
        let directoryFiles = try content.directories.map { directory throws(BuildError) in
            try directory.listing()
        }.flatMap(\.self)
        if !directoryFiles.isEmpty { OpenFileLimit.raise() }
        let named =
            content.extraFiles.map { ($0, content.fileOption) }
            + directoryFiles.map { ($0, content.directoryOption) }
        return try named.map { file, option throws(BuildError) in
            try checkDestination(of: file, from: option, in: plan)
            return (nil, file.destination, try opened.open(file.source))
        }
    }

    /// The items that the loader for an architecture reads.
    func items(on architecture: Architecture) -> [(role: FileRole, item: Item)] {
        items.compactMap { item in
            guard let role = item.role, item.path == role.uefiFileName(on: architecture) else {
                return nil
            }
            return (role, item)
        }
    }

    /// Reads the files that the loader for an architecture starts, for a signed loader.
    func loaderDigests(
        on architecture: Architecture
    ) throws(BuildError) -> [FileRole: [UInt8]] {
        var digests: [FileRole: [UInt8]] = [:]
        for (role, item) in items(on: architecture) {
            digests[role] = try SHA256Digest(of: item.content, in: files).bytes
        }
        return digests
    }

    /// Refuses a path whose first name, in any case, is a reserved one.
    private static func checkDestination(
        of file: ExtraFile, from option: PlanError.ContentOption, in plan: BuildPlan
    ) throws(BuildError) {
        let name = file.destination.prefix { $0 != "/" }.uppercased()
        guard !plan.reservedNames.contains(where: { $0.uppercased() == name }) else {
            throw .plan(
                plan.card == nil
                    ? .reservedName(file, option) : .reservedOnCard(file, option))
        }
    }
}

/// The loader settings of an image.
private struct LoaderSettings {
    /// The boot.json, if there is one.
    let file: Content?
    let bootProtocol: BootProtocol?

    init(of content: KernelContent, in opened: OpenInputs) throws(BuildError) {
        var (bytes, given): ([UInt8], Content?) = (BootConfigurationFile.empty, nil)
        if let path = content.bootConfiguration {
            let file = try ImageInput.openRegular(path)
            given = opened.add(file)
            bytes = try BootConfigurationFile.check(file)
        }
        let found = BootConfigurationFile.bootProtocol(in: bytes)
        if let path = content.bootConfiguration, let found, let selected = content.bootProtocol,
            found != selected
        {
            throw .input(path, .otherProtocol(found: found, selected: selected))
        }
        bootProtocol = content.bootProtocol ?? found
        var members: [String] = []
        if content.waitsForDebugger { members.append(BootConfigurationFile.Member.waitForDebugger) }
        if found == nil, let bootProtocol {
            members.append(BootConfigurationFile.Member.bootProtocol(bootProtocol))
        }
        file =
            members.isEmpty ? given : .bytes(BootConfigurationFile.adding(members, to: bytes))
    }
}

extension Content {
    /// The part of a kernel's file that goes into an image; the file is the writer's input `index`.
    fileprivate init(_ kernel: KernelELF, keepsDebugInfo: Bool, _ file: ImageInput, at index: Int) {
        guard !keepsDebugInfo, let stripped = kernel.strippedFile else {
            self = .input(index: index, length: file.byteCount)
            return
        }
        self.init(stripped.pieces, ofInput: index)
    }

    /// Pieces of a kernel's file, which is the writer's input `index`.
    init(_ pieces: [StrippedFile.Piece], ofInput index: Int) {
        self = .joined(
            pieces.map { piece in
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
