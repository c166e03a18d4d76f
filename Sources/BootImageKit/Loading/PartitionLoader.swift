import DiskImage
import HostSystem

/// Turns requested partitions into partitions with content.
struct PartitionLoader {
    /// Whether libguestfs makes file systems; otherwise their partitions stay empty.
    let makesFileSystems: Bool

    /// Opens the inputs of a partition and keeps them.
    func load(
        _ request: PartitionRequest, into opened: OpenInputs
    ) throws(BuildError) -> ExtraPartition {
        var size = request.size
        let payload: ExtraPartition.Payload
        switch request.fileSystem {
        case .none:
            payload =
                try request.source.map { source throws(BuildError) in
                    .raw(try opened.open(source))
                } ?? .nothing
        case .fat32:
            OpenFileLimit.raise()
            payload = .fat32(
                try files(of: request).map { file throws(BuildError) in
                    EFIImage.File(
                        path: file.destination, content: try opened.open(file.source))
                })
        case .ext2, .ext4, .btrfs, .xfs:
            let maker = FileSystemMaker(request, files: try files(of: request))
            do throws(Failure) {
                size = try maker.size()
                payload = makesFileSystems ? .raw(opened.add(try maker.make(size))) : .nothing
            } catch {
                throw .fileSystem(error)
            }
        }
        return ExtraPartition(
            name: request.name, type: request.type.guid, size: size, payload: payload)
    }

    private func files(of request: PartitionRequest) throws(BuildError) -> [ExtraFile] {
        guard let source = request.source else { return [] }
        return try FolderListing(ExtraFile(destination: "/", source: source)).files
    }
}
