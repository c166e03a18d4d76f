import DiskImage
import SystemPackage

/// Turns requested partitions into partitions with content.
struct PartitionLoader {
    /// Whether libguestfs's file systems are made; if not, their partitions stay empty.
    let makesFileSystems: Bool
    /// Gets libguestfs's progress.
    let report: (GuestFSHelper.Progress) -> Void

    /// Opens what goes in, then has all file systems made that need libguestfs; `add` keeps an
    /// input and returns its content.
    func load(
        _ requests: [PartitionRequest], add: (ImageInput) -> Content
    ) throws(Failure) -> [ExtraPartition] {
        let makers = try requests.map { request throws(Failure) in
            try FileSystemMaker(request, files: files(of: request))
        }
        // An input that is missing is found out before libguestfs takes its time.
        var payloads: [ExtraPartition.Payload] = []
        for request in requests { payloads.append(try payload(of: request, add)) }
        if makesFileSystems {
            let made = try FileSystemMaker.make(makers.compactMap(\.self), report: report)
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
        case .fat32: .fat32(try open(files(of: request), add))
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

    private func files(of request: PartitionRequest) throws(Failure) -> [ExtraFile] {
        guard let source = request.source else { return [] }
        return try FolderListing(ExtraFile(destination: "/", source: source)).files
    }
}
