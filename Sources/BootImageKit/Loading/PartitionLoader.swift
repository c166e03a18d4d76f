import DiskImage
import HostSystem
import SystemPackage

/// Makes of a partition that was asked for one with its content.
struct PartitionLoader {
    /// Whether file systems that are not ours are made; else their partitions stay empty.
    let makesFileSystems: Bool

    /// Opens what goes in; `add` keeps an input and returns its content.
    func load(
        _ request: PartitionRequest, add: (ImageInput) -> Content
    ) throws(Failure) -> ExtraPartition {
        var size = request.size
        let payload: ExtraPartition.Payload
        switch request.fileSystem {
        case .none:
            payload =
                try request.source.map { source throws(Failure) in
                    .raw(add(try BuildInputs.openRegular(source)))
                } ?? .nothing
        case .fat32:
            payload = .fat32(try open(files(of: request), add))
        case .ext2, .ext4, .btrfs, .xfs:
            let maker = FileSystemMaker(request, files: try files(of: request))
            size = try maker.size()
            payload = makesFileSystems ? .raw(add(try maker.make(size))) : .nothing
        }
        return ExtraPartition(
            name: request.name, type: request.type.guid, size: size, payload: payload)
    }

    private func open(
        _ files: [ExtraFile], _ add: (ImageInput) -> Content
    ) throws(Failure) -> [EFIImage.File] {
        OpenFileLimit.raise()
        return try files.map { file throws(Failure) in
            EFIImage.File(
                path: file.destination, content: add(try BuildInputs.openRegular(file.source)))
        }
    }

    private func files(of request: PartitionRequest) throws(Failure) -> [ExtraFile] {
        guard let source = request.source else { return [] }
        return try FolderListing(ExtraFile(destination: "/", source: source)).files
    }
}
