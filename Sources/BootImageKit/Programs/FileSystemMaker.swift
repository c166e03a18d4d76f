import DiskImage
import FoundationEssentials
import HostSystem
import Libc
import SystemPackage

/// Makes file systems that are not ours, and fills them: by guestfish, whose Linux does it in a
/// virtual machine, without root.
struct FileSystemMaker {
    private let request: PartitionRequest
    private let files: [ExtraFile]

    /// For a partition with a file system that libguestfs makes, and the files below its source.
    init(_ request: PartitionRequest, files: [ExtraFile]) {
        (self.request, self.files) = (request, files)
    }

    /// What the system's own tools refuse to go below.
    private var leastSize: ByteCount {
        switch request.fileSystem {
        case .btrfs: .mebibytes(128)
        case .xfs: .mebibytes(320)
        default: .mebibytes(4)
        }
    }

    /// The partition's size: what was asked for, or what the files need with some room.
    func size() throws(Failure) -> ByteCount {
        var content: UInt64 = 0
        for file in files {
            guard let status = try? file.source.stat() else {
                throw Failure(.missingInput, "\(file.source): cannot be read")
            }
            content += (UInt64(status.size) + 4095) / 4096 * 4096 + 4096
        }
        let needed = ByteCount(content + content / 4) + leastSize
        let size = max(request.size, needed).value
        let mebibyte = ByteCount.mebibytes(1).value
        return ByteCount((size + mebibyte - 1) / mebibyte * mebibyte)
    }

    /// Makes it in a file that has no name any more, open for reading.
    ///
    /// - Throws: ``Failure`` if guestfish is missing or fails, with its own words.
    func make(_ size: ByteCount) throws(Failure) -> ImageInput {
        let kind = request.fileSystem.rawValue
        var program = try Self.program(for: request)
        program.environment.defaults = GuestFS.environment
        Console.note(
            "partition “\(request.name)”: libguestfs starts a Linux to make \(kind), "
                + "\(size.sizeText), with \(files.count) files")
        let (path, descriptor) = try temporaryFile(of: size)
        defer { unlink(path.string) }
        let arguments = try commands(at: path)
        do throws(ProgramError) {
            _ = try program.run(arguments, output: .standardError)
        } catch {
            throw explained(Failure(error))
        }
        do throws(WriteError) { return try ImageInput(descriptor, path: path) } catch {
            throw Failure(.writing(error) as BuildError)
        }
    }

    /// Refuses a partition that needs guestfish if it is missing.
    static func check(_ request: PartitionRequest) throws(Failure) {
        if ![.none, .fat32].contains(request.fileSystem) { _ = try program(for: request) }
    }

    private static func program(for request: PartitionRequest) throws(Failure) -> Program {
        do throws(ProgramError) { return try Program("guestfish") } catch {
            throw Failure(
                .missingTool,
                "guestfish is not on PATH, and partition “\(request.name)” with "
                    + "\(request.fileSystem.rawValue) needs it; install it: apt install "
                    + "libguestfs-tools")
        }
    }

    /// The failure, with what to do where libguestfs has not all of its parts.
    private func explained(_ failure: Failure) -> Failure {
        guard failure.message.contains("failed to execute mkfs") else { return failure }
        let packages = request.fileSystem == .xfs ? "libguestfs-xfs xfsprogs" : "btrfs-progs"
        return Failure(
            .missingTool,
            "\(failure.message): libguestfs comes without what makes "
                + "\(request.fileSystem.rawValue); install it: apt install \(packages)")
    }

    /// What guestfish is told; what it echoes is progress.
    private func commands(at path: FilePath) throws(Failure) -> [String] {
        let (kind, name) = (request.fileSystem.rawValue, request.name)
        var words = ["add-drive", path.string, "format:raw", ":", "run"]
        words += [":", "echo", "partition “\(name)”: making \(kind)"]
        words += [":", "mkfs", kind, "/dev/sda", "label:\(label)"]
        if let source = request.source {
            words += [":", "mount", "/dev/sda", "/"]
            words += [":", "echo", "partition “\(name)”: filling it"]
            let children = try children(of: source)
            if !children.isEmpty { words += [":", "copy-in"] + children + ["/"] }
            words += [":", "umount", "/"]
        }
        return words + [":", "echo", "partition “\(name)”: done"]
    }

    /// A label that every file system takes: XFS allows twelve bytes.
    private var label: String {
        String(
            decoding: request.name.utf8.filter { $0 > 0x20 && $0 < 0x7F }.prefix(12), as: UTF8.self)
    }

    private func children(of folder: FilePath) throws(Failure) -> [String] {
        let absolute = FilePath(FileManager.default.currentDirectoryPath).pushing(folder)
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
                .map { absolute.appending($0).string }
        } catch {
            throw Failure(
                .missingInput, "\(folder): is no folder that can be read; name a folder")
        }
    }

    private func temporaryFile(
        of size: ByteCount
    ) throws(Failure) -> (FilePath, FileDescriptor) {
        let folder = Environment["TMPDIR"] ?? "/var/tmp"
        var template = Array("\(folder)/bootimage-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let path = FilePath(String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self))
        guard descriptor >= 0, ftruncate(descriptor, Int(size.value)) == 0 else {
            throw Failure(
                .cannotCreateOutput,
                "\(path): cannot be made: \(Errno(rawValue: errno)); TMPDIR names another folder")
        }
        return (path, FileDescriptor(rawValue: descriptor))
    }
}
