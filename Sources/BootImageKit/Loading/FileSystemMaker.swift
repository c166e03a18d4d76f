import DiskImage
import GuestFSProtocol
import HostSystem
import Libc
import SystemPackage

/// A partition whose file system libguestfs makes, and fills from a folder, without root.
struct FileSystemMaker: Equatable {
    private let request: PartitionRequest
    private let fileSystem: GuestFSRequest.FileSystem
    /// The partition's size: the one requested, or what the files need with room to spare.
    let size: ByteCount

    /// Nil unless libguestfs makes the partition's file system.
    init?(_ request: PartitionRequest) throws(BuildError) {
        guard let fileSystem = GuestFSRequest.FileSystem(rawValue: request.fileSystem.rawValue)
        else { return nil }
        (self.request, self.fileSystem) = (request, fileSystem)
        var content: UInt64 = 0
        for file in try request.files() {
            let status = try attempt(file.source.stat()) {
                BuildError.input(file.source, .unreadable($0))
            }
            content += (UInt64(status.size) + 4095) / 4096 * 4096 + 4096
        }
        let needed = ByteCount(content + content / 4) + fileSystem.minimumSize
        let mebibyte = ByteCount.mebibytes(1).value
        let size = max(request.size, needed).value
        self.size = ByteCount((size + mebibyte - 1) / mebibyte * mebibyte)
    }

    /// Makes all file systems in one virtual machine, each in a file that has no name any more;
    /// returns the files, open for reading, in the same order.
    static func make(
        _ makers: [FileSystemMaker], report: GuestFSHelper.Report
    ) throws(BuildError) -> [ImageInput] {
        guard let first = makers.first else { return [] }
        guard let helper = GuestFSHelper() else {
            throw .guestFS(.noHelper(partition: first.title))
        }
        var files: [(path: FilePath, descriptor: FileDescriptor)] = []
        var sources: [FileDescriptor] = []
        defer { for file in files { _ = file.path.withPlatformString { unlink($0) } } }
        // An interrupted close has closed it, and nothing was written.
        defer { for source in sources { try? source.close() } }
        let partitions = try makers.enumerated().map { index, maker throws(BuildError) in
            files.append(try temporaryFile(of: maker.size))
            var source: Int32?
            if let folder = maker.request.source {
                sources.append(try open(folder))
                source = Int32(GuestFSHelper.firstDescriptor + makers.count + sources.count - 1)
            }
            return GuestFSRequest.Partition(
                image: Int32(GuestFSHelper.firstDescriptor + index),
                fileSystem: maker.fileSystem, label: maker.label, source: source)
        }
        try helper.run(
            .make(partitions: partitions), passing: files.map(\.descriptor) + sources,
            titles: makers.map(\.title),
            explain: { error, item in
                .failed(
                    error, subject: item.map { makers[$0].title } ?? "partitions",
                    source: makers[item ?? 0].request.source)
            }, report: report)
        return try files.map { path, descriptor throws(BuildError) in
            try attempt(ImageInput(descriptor, path: path), orThrow: BuildError.writing)
        }
    }

    private var title: String {
        "partition “\(request.name)” (\(fileSystem.rawValue), \(size.sizeText))"
    }

    /// A label that every file system takes: XFS allows twelve bytes.
    private var label: String {
        String(
            decoding: request.name.utf8.filter { $0 > 0x20 && $0 < 0x7F }.prefix(12), as: UTF8.self)
    }

    private static func open(_ folder: FilePath) throws(BuildError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw .input(folder, .unreadable(error as? Errno ?? .ioError))
        }
    }

    private static func temporaryFile(
        of size: ByteCount
    ) throws(BuildError) -> (path: FilePath, descriptor: FileDescriptor) {
        do {
            let file = try FileDescriptor.openTemporaryFile()
            do { try file.descriptor.resize(to: Int64(size.value)) } catch {
                file.path.withPlatformString { _ = unlink($0) }
                try? file.descriptor.close()
                throw error
            }
            return file
        } catch {
            let cause = (error as? FileError)?.errno ?? error as? Errno ?? .ioError
            throw .noTemporarySpace(Environment.temporaryFolder(default: "/var/tmp"), size, cause)
        }
    }
}

extension GuestFSRequest.FileSystem {
    /// What the system's own tools refuse to go below.
    fileprivate var minimumSize: ByteCount {
        switch self {
        case .btrfs: .mebibytes(128)
        case .xfs: .mebibytes(320)
        case .ext2, .ext4: .mebibytes(4)
        }
    }
}
