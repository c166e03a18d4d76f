import CGuestFS
public import GuestFSProtocol
public import SystemPackage
import Libc

/// What a running appliance does with file systems; each device is one that was added.
extension Appliance {
    /// Whether the appliance has the programs for this file system; ext2 and ext4 are always there.
    public func supports(
        _ fileSystem: GuestFSRequest.FileSystem
    ) throws(GuestFSError) -> Bool {
        guard [.btrfs, .xfs].contains(fileSystem) else { return true }
        let name = strdup(fileSystem.rawValue)
        defer { free(name) }
        var groups = [name, nil]
        let result = guestfs_feature_available(handle, &groups)
        try check(result, .features)
        return result == 1
    }

    /// Formats a device.
    public func makeFileSystem(
        _ fileSystem: GuestFSRequest.FileSystem, on device: String, label: String
    ) throws(GuestFSError) {
        let result = label.withCString { label in
            var options = guestfs_mkfs_opts_argv()
            options.bitmask = 1 << GUESTFS_MKFS_OPTS_LABEL
            options.label = label
            return guestfs_mkfs_opts_argv(handle, fileSystem.rawValue, device, &options)
        }
        try check(result, .mkfs)
    }

    /// Mounts a device as the root folder.
    public func mount(_ device: String, readOnly: Bool = false) throws(GuestFSError) {
        let result =
            readOnly ? guestfs_mount_ro(handle, device, "/") : guestfs_mount(handle, device, "/")
        try check(result, .mount)
    }

    /// Unmounts the root folder, which writes everything to its device.
    public func unmount() throws(GuestFSError) {
        try check(guestfs_umount(handle, "/"), .unmount)
    }

    /// Unpacks a tar archive into the root folder; another thread writes to the pipe's other end.
    ///
    /// - Throws: `full` if the file system has no blocks or inodes left.
    public func unpack(from archive: FileDescriptor) throws(GuestFSError) {
        do {
            try check(guestfs_tar_in(handle, "/dev/fd/\(archive.rawValue)", "/"), .unpack)
        } catch {
            guard case .call(_, let message, _) = error, isFull else { throw error }
            throw .full(message: message)
        }
    }

    /// Whether the mounted file system has no room for one more block, or for one more file.
    ///
    /// Tar's message is no guide: a short write is not called one for lack of room. File systems
    /// without a limit on files report none at all.
    private var isFull: Bool {
        guard let status = guestfs_statvfs(handle, "/") else { return false }
        defer { guestfs_free_statvfs(status) }
        let freeBytes = status.pointee.bavail * status.pointee.bsize
        return freeBytes < 1 << 16 || status.pointee.files > 0 && status.pointee.ffree == 0
    }

    /// Writes a line with the checksum of cksum(1) for every file of the mounted file system;
    /// another thread reads from the pipe's other end.
    public func writeChecksums(to list: FileDescriptor) throws(GuestFSError) {
        let path = "/dev/fd/\(list.rawValue)"
        try check(guestfs_checksums_out(handle, "crc", "/", path), .checksums)
    }
}
