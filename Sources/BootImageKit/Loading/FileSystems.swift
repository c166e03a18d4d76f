import DiskImage
import HostSystem

/// The file systems that libguestfs makes for one command: the same partitions are made once, for
/// however many images.
package final class FileSystems {
    private let report: GuestFSHelper.Report
    private var made: [(makers: [FileSystemMaker], files: [ImageInput])] = []

    /// Creates an empty store; `report` gets the progress of what is made.
    package init(report: @escaping GuestFSHelper.Report) { self.report = report }

    /// What libguestfs makes of these partitions; nil for those that need no libguestfs.
    static func plan(_ requests: [PartitionRequest]) throws(BuildError) -> [FileSystemMaker?] {
        try requests.map { request throws(BuildError) in
            try FileSystemMaker(
                request,
                files: PartitionLoader.files(of: request))
        }
    }

    /// Makes what these partitions need now, so that images with them need not wait.
    package func prepare(_ requests: [PartitionRequest]) throws(BuildError) {
        _ = try make(Self.plan(requests).compactMap(\.self))
    }

    /// The file systems, each in a file; all that are missing are made in one virtual machine.
    func make(_ makers: [FileSystemMaker]) throws(BuildError) -> [ImageInput] {
        if let known = made.first(where: { $0.makers == makers }) { return known.files }
        let files = try FileSystemMaker.make(makers, report: report)
        made.append((makers, files))
        return files
    }
}
