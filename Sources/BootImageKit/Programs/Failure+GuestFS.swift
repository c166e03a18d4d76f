import DiskImage
package import GuestFSProtocol
package import HostSystem
package import SystemPackage

extension Failure {
    /// The helper is not installed.
    init(missingHelperFor need: String) {
        self.init(
            .missingTool,
            "\(need) needs \(GuestFSHelper.name), which is not installed; \(GuestFSHelper.remedy)")
    }

    /// The helper's failure, in the words of whoever asked for its work.
    init(
        _ problem: GuestFSHelper.Problem, of helper: GuestFSHelper,
        explain: (GuestFSError, Int?) -> Failure
    ) {
        switch problem {
        case .failed(let error, let item): self = explain(error, item)
        case .broken(let reason, let status):
            let remedy =
                switch status {
                case 64: "; \(GuestFSHelper.remedy)"
                // As the dynamic linker ends a program.
                case 127: "; install the library: apt install libguestfs0"
                default: ""
                }
            self.init(.missingTool, "\(helper.path): \(reason)\(remedy)")
        case .interrupted(let signal):
            self.init(
                Status(rawValue: 128 + signal) ?? .terminated,
                "\(helper.path): interrupted by signal \(signal)")
        }
    }
}

extension GuestFSError {
    /// libguestfs's own message, or what happened.
    var detail: String {
        switch self {
        case .call(_, let message, _), .full(let message): message
        case .notStarted(let message, let console): console.last ?? message
        case .unsupported(let fileSystem): "no programs for \(fileSystem.rawValue)"
        case .unreadableSource(let path, let errno): "\(path): \(Errno(rawValue: errno))"
        case .changedSource(let path): "\(path): changed"
        case .unknownLine(let text): "a list of files with the line “\(text)”"
        case .imageRemoved(let errno): "\(Errno(rawValue: errno))"
        case .interrupted: "interrupted"
        }
    }

    /// The failure of `subject`, which is filled from the folder `source`.
    package func failure(of subject: String, source: FilePath? = nil) -> Failure {
        func file(_ path: String) -> String {
            source.map { "\($0.pushing(FilePath(path)))" } ?? path
        }
        return switch self {
        case .call(_, let message, _): Failure(.inputOutput, "\(subject): libguestfs: \(message)")
        case .notStarted(let message, let console):
            Failure(
                .missingTool,
                "libguestfs: its virtual machine did not start: \(console.last ?? message); for "
                    + "details, set LIBGUESTFS_DEBUG=1")
        case .unsupported(let fileSystem):
            Failure(
                .missingTool,
                "\(subject): libguestfs has no programs for \(fileSystem.rawValue); install them: "
                    + "apt install \(fileSystem.packages)")
        case .full(let message):
            Failure(
                .badInput,
                "\(subject): the contents of \(source ?? "") do not fit (\(message)); set a larger "
                    + "size")
        case .unreadableSource(let path, let errno):
            Failure(.missingInput, "\(file(path)): cannot be read: \(Errno(rawValue: errno))")
        case .changedSource(let path):
            Failure(.inputOutput, "\(file(path)): became shorter while it was read; build again")
        case .unknownLine(let text):
            Failure(.inputOutput, "\(subject): libguestfs listed a file as “\(text)”")
        case .imageRemoved(let errno):
            Failure(.inputOutput, "\(subject): was removed meanwhile: \(Errno(rawValue: errno))")
        case .interrupted: Failure(.terminated, "\(subject): libguestfs was interrupted")
        }
    }
}

extension GuestFSRequest.FileSystem {
    /// Debian's packages with what libguestfs's appliance needs.
    fileprivate var packages: String {
        switch self {
        case .ext2, .ext4: "e2fsprogs"
        case .btrfs: "btrfs-progs"
        case .xfs: "libguestfs-xfs xfsprogs"
        }
    }
}
