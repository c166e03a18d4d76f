import DiskImage
import HostSystem
import SystemPackage

/// Turns requested partitions into partitions with content.
struct PartitionLoader {
    /// What libguestfs makes; without it, such partitions stay empty.
    let fileSystems: FileSystems?

    /// Opens the inputs, then gets the file systems that libguestfs makes; `add` keeps an input and
    /// returns its content.
    func load(
        _ requests: [PartitionRequest], add: (ImageInput) -> Content
    ) throws(Failure) -> [ExtraPartition] {
        let makers = try FileSystems.plan(requests)
        // A missing input is reported before libguestfs takes its time.
        var payloads: [ExtraPartition.Payload] = []
        for request in requests { payloads.append(try payload(of: request, add)) }
        if let fileSystems {
            let made = try fileSystems.make(makers.compactMap(\.self))
            for (index, file) in zip(makers.indices.filter { makers[$0] != nil }, made) {
                payloads[index] = .raw(add(file))
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
        of request: PartitionRequest, _ add: (ImageInput) -> Content
    ) throws(Failure) -> ExtraPartition.Payload {
        switch request.fileSystem {
        case .none:
            try request.source.map { source throws(Failure) in
                .raw(add(try BuildInputs.openRegular(source)))
            } ?? .nothing
        case .fat32: .fat32(try open(Self.files(of: request), add))
        case .ext2, .ext4, .btrfs, .xfs: .nothing
        }
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

    /// The files below a partition's source.
    static func files(of request: PartitionRequest) throws(Failure) -> [ExtraFile] {
        guard let source = request.source else { return [] }
        return try FolderListing(ExtraFile(destination: "/", source: source)).files
    }
}
