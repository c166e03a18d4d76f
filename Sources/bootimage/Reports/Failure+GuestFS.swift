import BootImageKit
import GuestFSProtocol
import SystemPackage

extension GuestFSFault {
    /// One line: what is wrong, and the remedy if there is one.
    var text: String {
        switch self {
        case .noHelper(let partition):
            "\(partition ?? "--guestfs") needs \(GuestFSHelper.name), which is not installed; "
                + GuestFSHelper.remedy
        case .failed(let error, let subject, let source): error.text(of: subject, source: source)
        case .broken(let helper, let reason, let status):
            switch status {
            case 64: "\(helper): \(reason); \(GuestFSHelper.remedy)"
            // As the dynamic linker ends a program.
            case 127:
                "\(helper): \(reason); install the library: apt install \(Packages.libguestfs)"
            default: "\(helper): \(reason)"
            }
        case .interrupted(let helper, let signal): "\(helper): interrupted by signal \(signal)"
        }
    }
}

extension GuestFSError {
    fileprivate func text(of subject: String, source: FilePath?) -> String {
        func file(_ path: String) -> String {
            source.map { "\($0.pushing(FilePath(path)))" } ?? path
        }
        return switch self {
        case .call(_, let message, _): "\(subject): libguestfs: \(message)"
        case .notStarted(let message, let console):
            "libguestfs: its virtual machine did not start: \(console.last ?? message); for "
                + "details, set LIBGUESTFS_DEBUG=1"
        case .unsupported(let fileSystem):
            "\(subject): libguestfs has no programs for \(fileSystem.rawValue); install them: apt "
                + "install \(Packages.programs(for: fileSystem))"
        case .full(let message):
            "\(subject): the contents of \(source ?? "") do not fit (\(message)); set a larger size"
        case .unreadableSource(let path, let errno):
            "\(file(path)): cannot be read: \(Errno(rawValue: errno))"
        case .changedSource(let path):
            "\(file(path)): became shorter while it was read; build again"
        case .unknownLine(let text): "\(subject): libguestfs listed a file as “\(text)”"
        case .imageRemoved(let errno):
            "\(subject): was removed meanwhile: \(Errno(rawValue: errno))"
        case .interrupted: "\(subject): libguestfs was interrupted"
        }
    }
}
