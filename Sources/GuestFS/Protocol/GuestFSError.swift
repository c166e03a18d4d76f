/// Why libguestfs, or the copying around it, failed.
public enum GuestFSError: Error, Codable, Equatable, Sendable {
    /// The libguestfs functions that can fail.
    public enum Call: String, Codable, Sendable {
        case create, configure, addDrive, launch, features, mkfs, mount, unpack, checksums, unmount
        case shutdown
    }

    /// A call failed, with `guestfs_last_error` and `guestfs_last_errno` (0 if it has none).
    case call(function: Call, message: String, errno: Int32)
    /// The appliance did not start; the last lines of its console say why.
    case notStarted(message: String, console: [String])
    /// The appliance lacks the programs for this file system.
    case unsupported(fileSystem: GuestFSRequest.FileSystem)
    /// The source folder does not fit; libguestfs's message names the first file that did not.
    case full(message: String)
    /// A file of the source folder, by its path below it, cannot be read.
    case unreadableSource(path: String, errno: Int32)
    /// A file of the source folder became shorter while it was copied.
    case changedSource(path: String)
    /// The list of checksums has a line of another form.
    case unknownLine(text: String)
    /// The image cannot be opened by name any more: it was removed or replaced.
    case imageRemoved(errno: Int32)
    /// The helper was asked to stop.
    case interrupted
}
