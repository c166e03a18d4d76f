import DiskImage
import HostSystem

/// The file systems that libguestfs makes for one command: the same partitions are made once, for
/// however many images.
package final class FileSystems {
    private let report: GuestFSHelper.Report
    private var made: [(makers: [FileSystemMaker], files: [ImageInput])] = []

    /// Creates an empty store; `report` gets the progress of what is made.
    package init(report: @escaping GuestFSHelper.Report) { self.report = report }

    /// Makes what these partitions need now, so that images with them need not wait.
    package func prepare(_ requests: [PartitionRequest]) throws(BuildError) {
        _ = try make(requests.map(FileSystemMaker.init))
    }

    /// The file systems, each in a file; all that are missing are made in one virtual machine.
    fileprivate func make(_ makers: [FileSystemMaker?]) throws(BuildError) -> [ImageInput] {
        let makers = makers.compactMap(\.self)
        if let known = made.first(where: { $0.makers == makers }) { return known.files }
        let files = try FileSystemMaker.make(makers, report: report)
        made.append((makers, files))
        return files
    }
}

extension OpenInputs {
    /// Opens and keeps the inputs of partitions, then gets the file systems that libguestfs makes;
    /// without `fileSystems`, those stay empty.
    func open(
        _ requests: [PartitionRequest], _ fileSystems: FileSystems?
    ) throws(BuildError) -> [ExtraPartition] {
        let makers = try requests.map(FileSystemMaker.init)
        // A missing input is reported before libguestfs takes its time.
        let payloads = try requests.map(payload)
        var made = try (fileSystems?.make(makers) ?? []).makeIterator()
        return requests.indices.map { index in
            let (request, maker) = (requests[index], makers[index])
            let file = maker == nil ? nil : made.next()
            return ExtraPartition(
                name: request.name, type: request.type.guid, size: maker?.size ?? request.size,
                payload: file.map { .raw(share($0)) } ?? payloads[index])
        }
    }

    /// All but what libguestfs makes.
    private func payload(_ request: PartitionRequest) throws(BuildError) -> ExtraPartition.Payload {
        switch request.fileSystem {
        case .none:
            if let source = request.source { .raw(try open(source)) } else { .nothing }
        case .fat32: .fat32(try open(request.files()))
        case .ext2, .ext4, .btrfs, .xfs: .nothing
        }
    }

    private func open(_ files: [ExtraFile]) throws(BuildError) -> [EFIImage.File] {
        OpenFileLimit.raise()
        return try files.map { file throws(BuildError) in
            EFIImage.File(path: file.destination, content: try open(file.source))
        }
    }
}

extension PartitionRequest {
    func files() throws(BuildError) -> [ExtraFile] {
        try source.map { source throws(BuildError) in
            try ExtraFile(destination: "/", source: source).listing()
        } ?? []
    }
}
