import DiskImage
import HostSystem
import SystemPackage

/// Turns requested partitions into partitions with content.
struct PartitionLoader {
    /// What libguestfs makes; without it, such partitions stay empty.
    let fileSystems: FileSystems?

    /// Opens and keeps the inputs, then gets the file systems that libguestfs makes.
    func load(
        _ requests: [PartitionRequest], into opened: OpenInputs
    ) throws(BuildError) -> [ExtraPartition] {
        let makers = try FileSystems.plan(requests)
        // A missing input is reported before libguestfs takes its time.
        var payloads: [ExtraPartition.Payload] = []
        for request in requests { payloads.append(try payload(of: request, opened)) }
        if let fileSystems {
            let made = try fileSystems.make(makers.compactMap(\.self))
            for (index, file) in zip(makers.indices.filter { makers[$0] != nil }, made) {
                payloads[index] = .raw(opened.share(file))
            }
        }
        return zip(zip(requests, makers), payloads).map { planned, payload in
            let (request, maker) = planned
            return ExtraPartition(
                name: request.name, type: request.type.guid, size: maker?.size ?? request.size,
                payload: payload)
        }
    }

    /// All but what libguestfs makes.
    private func payload(
        of request: PartitionRequest, _ opened: OpenInputs
    ) throws(BuildError) -> ExtraPartition.Payload {
        switch request.fileSystem {
        case .none:
            try request.source.map { source throws(BuildError) in
                .raw(try opened.open(source))
            } ?? .nothing
        case .fat32: .fat32(try open(Self.files(of: request), opened))
        case .ext2, .ext4, .btrfs, .xfs: .nothing
        }
    }

    private func open(
        _ files: [ExtraFile], _ opened: OpenInputs
    ) throws(BuildError) -> [EFIImage.File] {
        OpenFileLimit.raise()
        return try files.map { file throws(BuildError) in
            EFIImage.File(path: file.destination, content: try opened.open(file.source))
        }
    }

    /// The files below a partition's source.
    static func files(of request: PartitionRequest) throws(BuildError) -> [ExtraFile] {
        guard let source = request.source else { return [] }
        return try FolderListing(ExtraFile(destination: "/", source: source)).files
    }
}
