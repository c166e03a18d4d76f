import DiskImage

/// The file systems that libguestfs makes for one command: the same partitions are made once, for
/// however many images.
final class FileSystems {
    private let report: GuestFSHelper.Report
    private var made: [(makers: [FileSystemMaker], files: [ImageInput])] = []

    init(report: @escaping GuestFSHelper.Report) { self.report = report }

    /// What libguestfs makes of these partitions; nil for those that need no libguestfs.
    static func plan(_ requests: [PartitionRequest]) throws(Failure) -> [FileSystemMaker?] {
        try requests.map { request throws(Failure) in
            try FileSystemMaker(request, files: PartitionLoader.files(of: request))
        }
    }

    /// The file systems, each in a file; all that are missing are made in one virtual machine.
    func make(_ makers: [FileSystemMaker]) throws(Failure) -> [ImageInput] {
        if let known = made.first(where: { $0.makers == makers }) { return known.files }
        let files = try FileSystemMaker.make(makers, report: report)
        made.append((makers, files))
        return files
    }
}
